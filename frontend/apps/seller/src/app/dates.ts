/** Dates and times as people of the reader's locale write them. */
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const longDay = new Intl.DateTimeFormat(undefined, {
  weekday: "long",
  day: "numeric",
  month: "long",
  year: "numeric",
});
const long = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });

export function formatDay(time: string): string {
  return day.format(new Date(time));
}

export function formatTime(time: string): string {
  return `${day.format(new Date(time))}, ${clock.format(new Date(time))}`;
}

export function formatClock(time: string): string {
  return clock.format(new Date(time));
}

export function formatLongDay(time: string): string {
  return longDay.format(new Date(time));
}

export function today(now = new Date()): string {
  return long.format(now);
}
