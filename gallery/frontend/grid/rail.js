const SHOWN = 1200 // ms that it stays after the last scroll

/** Move the years beside the photos with the window, and the window with them; on phones, a pill to be dragged. */
export function rail(root, years, dated) {
  const model = document.querySelector("template[data-rail]").content.cloneNode(true)
  const track = model.querySelector(".rail-track")
  const said = model.querySelector("output")
  years.append(model)

  years.addEventListener("click", (event) => {
    const link = event.target.closest("a")
    const section = link && sectionOfYear(link.textContent.trim())
    if (!section || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    section.show()
    link.focus({ preventScroll: true })
  })

  let timer
  const show = () => {
    years.classList.add("is-shown")
    clearTimeout(timer)
    timer = setTimeout(() => track.dataset.held || years.classList.remove("is-shown"), SHOWN)
    if (!track.dataset.held) set(scrollY / range())
  }
  addEventListener("scroll", show, { passive: true })
  addEventListener("resize", place)
  root.addEventListener("grid:built", place)

  place()
  show()

  track.addEventListener("pointerdown", (event) => {
    track.setPointerCapture(event.pointerId)
    track.dataset.held = "yes"
    drag(event)
  })
  track.addEventListener("pointermove", (event) => track.dataset.held && drag(event))
  for (const name of ["pointerup", "pointercancel"]) {
    track.addEventListener(name, () => {
      delete track.dataset.held
      show()
    })
  }

  function drag({ clientY }) {
    const { top, height } = track.getBoundingClientRect()
    const part = Math.min(Math.max((clientY - top) / height, 0), 1)
    scrollTo({ top: part * range(), behavior: "instant" })
    set(part)
  }

  /** Put the mark where the window is, and say which month that is. */
  function set(part) {
    // By translation: what is moved so counts as no shift, and costs no layout.
    said.style.translate = `0 calc(${part * track.clientHeight}px - 50%)`
    const y = part * range() + innerHeight / 3
    const section = dated.findLast(({ element }) => element.offsetTop <= y) ?? dated[0]
    said.textContent = titleOf(section)
  }

  function titleOf(section) {
    const month = section.key.slice(0, 7)
    return dated.find(({ key }) => key === month)?.element.querySelector("[data-title]")?.textContent ?? month
  }

  /** Each year stands as far down the rail as its photos do on the page; where two would meet, one is left out. */
  function place() {
    let last = -Infinity
    const { height } = track.getBoundingClientRect()
    for (const link of years.querySelectorAll(":scope > a")) {
      const section = sectionOfYear(link.textContent.trim())
      const part = section ? Math.min(section.element.offsetTop / range(), 1) : 0
      link.style.setProperty("--at", part)
      link.classList.toggle("is-crowded", part * height - last < 22)
      if (part * height - last >= 22) last = part * height
    }
  }

  function sectionOfYear(year) {
    return dated.find(({ key }) => key.startsWith(`${year}-`))
  }
}

const range = () => Math.max(document.documentElement.scrollHeight - innerHeight, 1)
