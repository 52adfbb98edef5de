// Instants and ages in words. Everything is in whole seconds.

import {month, say} from "./texts.js";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** An instant on the clocks of a zone: "7 February 2024, 08:05". */
export function instant(seconds, zone) {
    const parts = new Map(new Intl.DateTimeFormat("en-GB", {
        timeZone: zone, year: "numeric", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit",
        hourCycle: "h23",
    }).formatToParts(seconds * 1000).map((part) => [part.type, part.value]));
    const day = `${Number(parts.get("day"))} ${month(Number(parts.get("month")))} ${parts.get("year")}`;
    return `${day}, ${parts.get("hour")}:${parts.get("minute")}`;
}

/** How long something is ago: minutes up to two hours, hours up to two days, then days. */
export function age(seconds) {
    if (seconds < MINUTE) {
        return say("just_now");
    }
    if (seconds < 2 * HOUR) {
        return say("minutes", {count: Math.floor(seconds / MINUTE)});
    }
    return seconds < 2 * DAY
        ? say("hours", {count: Math.floor(seconds / HOUR)})
        : say("days", {count: Math.floor(seconds / DAY)});
}
