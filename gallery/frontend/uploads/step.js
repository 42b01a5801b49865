/** A step that never runs twice at once: called while it runs, it runs once more afterwards. */
export function step(act) {
  let isRunning = false
  let isWanted = false
  return async function turn() {
    isWanted = true
    if (isRunning) return
    isRunning = true
    try {
      while (isWanted) {
        isWanted = false
        await act()
      }
    } finally {
      isRunning = false
    }
  }
}

/** Call at most once in so many milliseconds, and always a last time. */
export function atMostEvery(milliseconds, act) {
  let timer
  let last = 0
  return () => {
    const wait = Math.max(0, last + milliseconds - performance.now())
    timer ??= setTimeout(() => {
      timer = undefined
      last = performance.now()
      act()
    }, wait)
  }
}
