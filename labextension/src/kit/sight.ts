/** Which elements somebody can see: what nobody sees asks the server for nothing. */

/** Tells each watched element's owner when it comes into sight and when it is out of it again. */
export class Sight {
  constructor() {
    document.addEventListener('visibilitychange', () => {
      for (const each of this._watched.values()) {
        this._tell(each);
      }
    });
  }

  /** Watch `node` until it is to be left alone; a hidden tab of the browser shows nothing. */
  watch(node: Element, onChange: (isSeen: boolean) => void): void {
    this._watched.set(node, { onChange, isNear: false, told: false });
    this._observer.observe(node);
  }

  leave(node: Element): void {
    this._observer.unobserve(node);
    this._watched.delete(node);
  }

  private _tell(watched: Watched): void {
    const isSeen = watched.isNear && document.visibilityState === 'visible';
    if (isSeen !== watched.told) {
      watched.told = isSeen;
      watched.onChange(isSeen);
    }
  }

  private readonly _watched = new Map<Element, Watched>();
  private readonly _observer = new IntersectionObserver(entries => {
    for (const { target, isIntersecting } of entries) {
      const watched = this._watched.get(target);
      if (watched) {
        watched.isNear = isIntersecting;
        this._tell(watched);
      }
    }
  });
}

type Watched = {
  readonly onChange: (isSeen: boolean) => void;
  isNear: boolean;
  told: boolean;
};
