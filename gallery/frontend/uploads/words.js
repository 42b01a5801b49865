const UNITS = ["bytes", "KB", "MB", "GB", "TB"]

function scaled(bytes) {
  let step = 0
  for (; bytes >= 999.5 && step < 4; step++) bytes /= 1000
  const digits = step > 1 && bytes < 99.95 ? 1 : 0
  return [bytes.toFixed(digits).replace(/\.0$/, ""), UNITS[step]]
}

/** A number of bytes as people write it: "9.1 MB". */
export const size = (bytes) => scaled(bytes).join(" ")

/** "9.1 of 13.4 MB", and where the units differ "940 KB of 13.4 MB". */
export function sizeOf(part, whole) {
  const [number, unit] = scaled(part)
  const [all, unitOfAll] = scaled(whole)
  return unit === unitOfAll ? `${number} of ${all} ${unit}` : `${number} ${unit} of ${all} ${unitOfAll}`
}

const grouped = new Intl.NumberFormat("en")
export const count = (number) => grouped.format(number)
export const files = (number) => `${count(number)} ${number === 1 ? "file" : "files"}`

/** Seconds as one says them: "about 6 minutes". */
export function duration(seconds) {
  if (seconds < 50) return "less than a minute"
  const minutes = Math.round(seconds / 60)
  if (minutes < 90) return `about ${minutes} ${minutes === 1 ? "minute" : "minutes"}`
  const hours = Math.round(minutes / 60)
  return `about ${hours} hours`
}

/** The one sentence that says where a row stands. */
export function stateOf(row, isPaused) {
  if (isPaused && PAUSES.has(row.state)) return "Paused"
  return SENTENCES[row.state](row)
}

const PAUSES = new Set(["waiting", "sending", "busy"])
const SENTENCES = {
  waiting: (row) => (row.file ? `Waiting · ${size(row.size)}` : `Still to come · ${size(row.size)}`),
  sending: (row) => sizeOf(row.sent, row.size),
  finishing: () => "Making previews…",
  busy: (row) => `The server is busy, trying again in ${Math.max(1, Math.ceil((row.until - Date.now()) / 1000))} s`,
  added: (row) => `Added · ${size(row.size)}`,
  already: () => "Already in your library",
  restored: () => "Back from the trash",
  failed: (row) => `Failed: ${row.reason}`,
}
