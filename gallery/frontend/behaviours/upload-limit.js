/** A number of bytes as people write it: "9.1 MB". */
export function size(bytes) {
  const units = ["bytes", "KB", "MB", "GB", "TB"]
  let step = 0
  for (; bytes >= 999.5 && step < 4; step++) bytes /= 1000
  return `${bytes < 10 && step > 1 ? bytes.toFixed(1) : Math.round(bytes)} ${units[step]}`
}

/** Why these files cannot go in one upload, in sentences; empty when they can. */
export function refuse(files, { limit, limitText }) {
  const all = [...files]
  const large = all.filter((file) => file.size > limit)
  if (large.length) return large.map((file) => `${file.name}: ${size(file.size)} is over the ${limitText} limit`)

  const total = all.reduce((sum, file) => sum + file.size, 0)
  if (total <= limit) return []
  return [`These files are ${size(total)} together, and one upload holds ${limitText}. Choose fewer at a time.`]
}
