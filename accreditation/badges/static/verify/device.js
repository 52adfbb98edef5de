// The enrolled device behind the page. This one knows no device: nothing is recorded, no portrait is shown.

/** What the page says of the device: `{name, place, waiting, warnings}`, or null when it is not enrolled. */
export async function status() {
    return null;
}

/** The code of the place where the device is, or "". */
export function place() {
    return "";
}

/** The portrait whose hash begins with these bytes (hexadecimal), as a data URL; null when it is not there. */
export async function portrait() {
    return null;
}

/** Keep a check until it can be sent: `{nonce, code, code_id, result, reason, photo, device_time, list_number}`. */
export async function record() {}

/** Send what waits and fetch what is new. */
export async function sync() {}
