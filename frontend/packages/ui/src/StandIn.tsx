/** A drawing that stands in for a picture: a ring, earrings, a pendant, a bracelet, a watch or simply a stone. */
const drawings: [words: RegExp, path: string][] = [
  [
    /earring|stud|hoop/i,
    "M42 34a5 5 0 1 1 5 5v9 M47 48l9 13-9 21-9-21Z M38 61h18 M78 34a5 5 0 1 0-5 5v9 M73 48l9 13-9 21-9-21Z M64 61h18",
  ],
  [
    /necklace|pendant|chain|locket/i,
    "M26 24c2 26 16 42 34 46 18-4 32-20 34-46 M60 70v4 M60 74l11 9-11 17-11-17Z M49 83h22 M60 74l-4 9 4 17 4-17Z",
  ],
  [
    /bracelet|bangle|cuffs?\b|anklet/i,
    "M60 32c22 0 38 12 38 27S82 87 60 87 22 75 22 59s16-27 38-27Z M60 40c17 0 29 8 29 18S77 77 60 77 31 68 31 58s12-18 29-18Z M53 78l7-6 7 6-7 14Z",
  ],
  [
    /brooch|pin\b/i,
    "M60 22c6 12 6 20 0 28-6-8-6-16 0-28Z M60 98c6-12 6-20 0-28-6 8-6 16 0 28Z M22 60c12-6 20-6 28 0-8 6-16 6-28 0Z M98 60c-12-6-20-6-28 0 8 6 16 6 28 0Z M33 33c12 4 18 9 20 20-11-2-16-8-20-20Z M87 87c-12-4-18-9-20-20 11 2 16 8 20 20Z M87 33c-4 12-9 18-20 20 2-11 8-16 20-20Z M33 87c4-12 9-18 20-20-2 11-8 16-20 20Z M60 53a7 7 0 1 1 0 14 7 7 0 0 1 0-14Z",
  ],
  [
    /cuff ?link/i,
    "M34 30h22v22H34Z M39 35h12v12H39Z M45 52v16 M37 68h16v6H37Z M64 48h22v22H64Z M69 53h12v12H69Z M75 70v16 M67 86h16v6H67Z",
  ],
  [
    /watch/i,
    "M60 40a20 20 0 1 1 0 40 20 20 0 0 1 0-40Z M60 45a15 15 0 1 1 0 30 15 15 0 0 1 0-30Z M60 52v8l6 4 M50 42l2-22h16l2 22 M50 78l2 22h16l2-22",
  ],
  [
    /ring|band|solitaire/i,
    "M60 50a25 25 0 1 1 0 50 25 25 0 0 1 0-50Z M60 55a20 20 0 1 1 0 40 20 20 0 0 1 0-40Z M49 22h22l9 10-20 20-20-20Z M40 32h40 M49 22l4 10 7 20 7-20 4-10 M53 32l7-10 7 10",
  ],
];

const stone = "M40 36h40l16 18-36 42-36-42Z M24 54h72 M40 36l8 18 12 42 12-42 8-18 M48 54l12-18 12 18";

interface Props {
  /** Any text about the thing: its category or title. */
  subject: string;
  /** Without a label it is decoration. */
  label?: string;
  className?: string;
}

export function StandIn({ subject, label, className }: Props) {
  const path = drawings.find(([words]) => words.test(subject))?.[1] ?? stone;
  return (
    <svg
      viewBox="0 0 120 120"
      className={className}
      fill="none"
      stroke="currentColor"
      role="img"
      aria-label={label}
      aria-hidden={label === undefined}
    >
      <path d={path} strokeWidth="1.1" strokeLinejoin="round" strokeLinecap="round" />
    </svg>
  );
}
