const AWAY = 60_000 // ms that nobody looks at the page: then something may have come from elsewhere

/** Tell of photos that have come into the open list; what looks for them is loaded when some may have. */
export function arrivals(place) {
  const look = async () => (await import("../grid/arrivals.js")).look(place)
  let left = Infinity
  addEventListener("uploaded", look)
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && performance.now() - left > AWAY) look()
    left = document.hidden ? performance.now() : Infinity
  })
}
