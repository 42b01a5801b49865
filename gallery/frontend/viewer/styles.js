let loading

/** The styles of the viewer, which no page needs before. */
export function styles() {
  loading ??= new Promise((done) => {
    const link = document.createElement("link")
    link.rel = "stylesheet"
    link.href = document.querySelector("template[data-lightbox]").dataset.styles
    link.addEventListener("load", done)
    link.addEventListener("error", done)
    document.head.append(link)
  })
  return loading
}
