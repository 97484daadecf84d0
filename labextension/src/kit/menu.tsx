/** A button that opens a menu of commands. */

import { Menu } from '@lumino/widgets';
import * as React from 'react';
import { useDesk } from './react';

/** What it is called, and what is in the menu; null is a line between two items. */
export interface IMenuButtonProps {
  readonly label: string;
  readonly items: () => readonly (Menu.IItemOptions | null)[];
  /** How the button looks where it is not one among larger ones. */
  readonly className?: string;
}

/** Three dots; the menu is JupyterLab's own, with its keys. */
export function MenuButton({
  label,
  items,
  className = 'jp-mlrun-nb-Button jp-mod-dots'
}: IMenuButtonProps): React.ReactElement {
  const { commands } = useDesk();
  const onClick = (event: React.MouseEvent<HTMLButtonElement>): void => {
    const button = event.currentTarget;
    const menu = new Menu({ commands });
    menu.addClass('jp-ThemedContainer');
    for (const item of items()) {
      menu.addItem(item ?? { type: 'separator' });
    }
    menu.aboutToClose.connect(() => {
      // A chosen item is executed after the menu has closed.
      setTimeout(() => {
        menu.dispose();
      });
      button.focus();
    });
    const { right, bottom } = button.getBoundingClientRect();
    menu.open(right, bottom + 2, { horizontalAlignment: 'right' });
  };
  return (
    <button
      type="button"
      className={className}
      aria-haspopup="menu"
      aria-label={label}
      title={label}
      onClick={onClick}
    >
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden>
        <path
          d="M3 8h.01M8 8h.01M13 8h.01"
          stroke="currentColor"
          strokeWidth="2.6"
          strokeLinecap="round"
        />
      </svg>
    </button>
  );
}
