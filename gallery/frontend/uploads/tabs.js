// Tabs of one browser: one of them runs the queue, the others show how far it is.

/** This tab among the others of the same person. */
export class Tab {
  isMine = false
  #release

  constructor(person, { onState, onEntries, onAsked }) {
    this.name = `uploads-${person}`
    this.channel = new BroadcastChannel(this.name)
    this.channel.onmessage = ({ data: { state, entries, isAsked } }) => {
      if (state && !this.isMine) onState(state)
      if (entries && this.isMine) onEntries(entries)
      if (isAsked && this.isMine) onAsked()
    }
  }

  async isElsewhere() {
    if (!navigator.locks || this.isMine) return false
    const { held } = await navigator.locks.query()
    return held.some(({ name }) => name === this.name)
  }

  /** Become the tab that runs the queue, unless another one is. */
  claim() {
    if (this.isMine) return true
    if (!navigator.locks) return (this.isMine = true) // plain HTTP: nobody can say
    return new Promise((resolve) => {
      navigator.locks.request(this.name, { ifAvailable: true }, (lock) => {
        this.isMine = lock !== null
        resolve(this.isMine)
        return lock && new Promise((release) => (this.#release = release))
      })
    })
  }

  /** Wait until no other tab runs the queue. */
  async wait() {
    await navigator.locks?.request(this.name, () => undefined)
  }

  release() {
    this.isMine = false
    this.#release?.()
  }

  share(state) {
    this.channel.postMessage({ state })
  }

  askOthers() {
    this.channel.postMessage({ isAsked: true })
  }

  handOver(entries) {
    this.channel.postMessage({ entries })
  }
}
