import { isHarmless } from '../clean';

describe('isHarmless', () => {
  it.each([
    ['i', 'style', 'flex-grow:3'],
    ['i', 'style', 'flex:0 0 6px'],
    ['svg', 'style', 'color:var(--ok)'],
    ['path', 'style', 'stroke:var(--bg)'],
    ['path', 'd', 'M4.8 8.3l2.2 2.2 4.3-4.6'],
    ['svg', 'viewbox', '0 0 16 16'],
    ['div', 'aria-valuenow', '3'],
    ['th', 'scope', 'col'],
    ['a', 'href', 'https://example.org/model'],
    ['a', 'href', '/proxy/8787/status'],
    ['a', 'href', '/user/ana%40x/proxy/10.0.0.7:8787/status']
  ])('lets <%s %s="%s"> stand', (element, name, value) => {
    expect(isHarmless(element, name, value)).toBe(true);
  });

  it.each([
    ['div', 'onclick', 'alert(1)'],
    ['svg', 'onload', 'alert(1)'],
    ['div', 'id', 'jp-main-dock-panel'],
    ['div', 'data-commandlinker-command', 'x'],
    ['div', 'style', 'background:url(https://example.org/x)'],
    ['div', 'style', 'position:fixed;inset:0'],
    ['div', 'style', 'color:var(--ok);position:fixed'],
    ['div', 'style', 'color:red;--x:url(y)'],
    ['a', 'href', 'javascript:alert(1)'],
    ['a', 'href', ' javascript:alert(1)'],
    ['a', 'href', 'data:text/html,x'],
    ['a', 'href', '//example.org/proxy/8787/status'],
    ['a', 'href', '/user/ana/api/shutdown'],
    ['a', 'href', '/proxy/8787/status?token=x'],
    ['div', 'href', 'https://example.org'],
    ['svg', 'xlink:href', 'https://example.org']
  ])('takes <%s %s="%s"> away', (element, name, value) => {
    expect(isHarmless(element, name, value)).toBe(false);
  });
});
