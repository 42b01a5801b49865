/** Take files that are dropped or pasted anywhere. The queue itself is loaded when there are some. */
export function uploads() {
  const veil = document.querySelector("[data-veil]")
  const cover = (isOver) => (veil.hidden = !isOver)

  addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return
    event.preventDefault()
    if (veil.hidden) load()
    cover(true)
  })
  // relatedTarget is missing only where the pointer has left the window.
  addEventListener("dragleave", ({ relatedTarget }) => relatedTarget || cover(false))
  addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return
    event.preventDefault()
    cover(false)
    take(dropped(event.dataTransfer))
  })
  addEventListener("paste", ({ clipboardData }) => {
    const sources = [...clipboardData.files].map((file) => ({ file, isPasted: true }))
    if (sources.length) take(sources)
  })
}

const holdsFiles = ({ dataTransfer }) => dataTransfer?.types.includes("Files")

let opening
/** The queue of this page, loaded once. */
export const load = () => (opening ??= import("../uploads/uploads.js").then(({ open }) => open()))

/** Hand what was chosen to the queue. */
export const take = async (sources) => (await load()).takeHere(sources)

// In the event itself: afterwards its list is empty.
function dropped({ items }) {
  const kept = [...items].filter(({ kind }) => kind === "file")
  return kept.map((item) => ({
    handle: item.getAsFileSystemHandle?.().catch(() => null),
    entry: item.webkitGetAsEntry?.(),
    file: item.getAsFile(),
  }))
}
