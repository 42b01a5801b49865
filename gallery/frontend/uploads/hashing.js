/** A function that says the SHA-256 of a file, in hex; it is worked out in a worker. */
export function hashing(url) {
  const asked = new Map()
  const worker = new Worker(url, { type: "module" })
  worker.onmessage = ({ data: { key, ...answer } }) => {
    asked.get(key)(answer)
    asked.delete(key)
  }
  // Without a worker nothing is hashed, and everything is sent.
  worker.onerror = () => asked.forEach((answer) => answer({ sha256: null }))

  let last = 0
  return (file) =>
    new Promise((resolve) => {
      asked.set(++last, resolve)
      worker.postMessage({ key: last, file })
    })
}
