/** Which theme the page wears. */

import * as React from 'react';

/** Its name; drawn again when it is another one. */
export function useTheme(): string {
  const [name, setName] = React.useState(themeName);
  React.useEffect(() => {
    const seen = new MutationObserver(() => {
      setName(themeName());
    });
    seen.observe(document.body, { attributes: true, attributeFilter: ['data-jp-theme-name'] });
    return () => {
      seen.disconnect();
    };
  }, []);
  return name;
}

function themeName(): string {
  return document.body.dataset.jpThemeName ?? '';
}
