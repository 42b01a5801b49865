const NAMES = new Set(["thumbs.db", "ehthumbs.db", "desktop.ini", "__macosx", "@eadir", "$recycle.bin", "system volume information"])

/** What programs leave among people's photos: hidden files, and thumbnails of file browsers. */
export const isJunk = (name) => name.startsWith(".") || NAMES.has(name.toLowerCase())
