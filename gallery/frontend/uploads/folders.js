/** Folders whose handles the browser has kept; asked for by a click, it lets us read them again. */
export async function reopened(folders = []) {
  const allowed = []
  for (const folder of folders) {
    if ((await folder.requestPermission?.({ mode: "read" })) !== "denied") allowed.push(folder)
  }
  return allowed.map((folder) => ({ handle: folder }))
}
