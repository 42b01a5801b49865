const NEAR = 1500 // pixels before and behind what is seen: there the tiles are brought in
const FAR = 6000 // and from here on they are taken out again
const PASSING = 60 // ms that a section must be near: whoever scrubs past asks for nothing
const GONE = 500 // ms that it must be far

/** Bring in the tiles of the sections that come near, and take out those that are far. */
export function watch(grid) {
  const sectionOf = new WeakMap()
  const coming = timers(PASSING, (section) => section.fill())
  const going = timers(GONE, (section) => section.empty())
  const near = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const section = sectionOf.get(target)
        if (isIntersecting) coming.start(section)
        else {
          coming.stop(section)
          section.leave()
        }
      }
    },
    { rootMargin: `${NEAR}px 0px` },
  )
  const far = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        going[isIntersecting ? "stop" : "start"](sectionOf.get(target))
      }
    },
    { rootMargin: `${FAR}px 0px` },
  )
  for (const section of grid.sections) {
    sectionOf.set(section.element, section)
    near.observe(section.element)
    far.observe(section.element)
  }
  return () => {
    near.disconnect()
    far.disconnect()
  }
}

/** For each section a timer of its own. */
function timers(wait, act) {
  const running = new WeakMap()
  return {
    start: (section) => running.set(section, setTimeout(() => act(section), wait)),
    stop: (section) => clearTimeout(running.get(section)),
  }
}
