/** Keep the screen on while the page is seen, where the browser lets us. Returns how to stop that. */
export function keepAwake() {
  let lock = null
  let isWanted = true
  const ask = async () => {
    if (document.hidden || !navigator.wakeLock) return
    lock = await navigator.wakeLock.request("screen").catch(() => null)
    if (!isWanted) lock?.release()
  }
  // The browser itself takes it back from a page that is hidden.
  document.addEventListener("visibilitychange", ask)
  ask()
  return () => {
    isWanted = false
    document.removeEventListener("visibilitychange", ask)
    lock?.release()
  }
}
