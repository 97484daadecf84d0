/** What is pressed stays where it is until it is let go. */

import * as React from 'react';

/**
 * Return `value`, and what to call when the mouse goes down on what was drawn of it.
 *
 * Until it is let go the value of then is returned: a row that moved on or went away in between would be clicked by
 * nobody, as browsers give a click to what was pressed *and* let go.
 */
export function useStill<T>(value: T): readonly [T, () => void] {
  const [pressed, setPressed] = React.useState<{ readonly value: T }>();
  const isPressed = pressed !== undefined;
  React.useEffect(() => {
    if (!isPressed) {
      return;
    }
    return onLetGo(() => {
      setPressed(undefined);
    });
  }, [isPressed]);
  const press = (): void => {
    setPressed({ value });
  };
  return [pressed === undefined ? value : pressed.value, press];
}

/** Call `then` once no button is down any more, after the click if there is one; returned is what gives up waiting. */
function onLetGo(then: () => void): () => void {
  const done = new AbortController();
  const options = { capture: true, signal: done.signal };
  const look = (event: PointerEvent): void => {
    if (event.buttons === 0) {
      setTimeout(then); // the click comes in the same task
    }
  };
  for (const kind of ['pointerup', 'pointercancel', 'pointermove'] as const) {
    window.addEventListener(kind, look, options); // the last where letting go was not told, as outside of the window
  }
  return () => {
    done.abort();
  };
}
