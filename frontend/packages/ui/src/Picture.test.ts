import { describe, expect, it } from "vitest";
import { sources } from "./Picture";

const size = (width: number, ending: string) => ({ url: `/media/${width}.${ending}`, width, height: width });

describe("a picture's sources", () => {
  it("are WebP for browsers that choose it, and JPEG for any", () => {
    const image = {
      ...size(800, "jpg"),
      alt: "",
      thumbnails: [size(320, "webp"), size(800, "webp")],
      fallbacks: [size(320, "jpg")],
    };
    expect(sources(image)).toEqual({
      webp: "/media/320.webp 320w, /media/800.webp 800w",
      any: "/media/320.jpg 320w, /media/800.jpg 800w",
    });
  });

  it("are one list where there is WebP alone", () => {
    const image = { ...size(1200, "webp"), alt: "", thumbnails: [size(400, "webp")], fallbacks: [] };
    expect(sources(image)).toEqual({ any: "/media/400.webp 400w, /media/1200.webp 1200w" });
  });

  it("are the picture itself while its sizes are being made", () => {
    const image = { ...size(800, "jpg"), alt: "", thumbnails: [], fallbacks: [] };
    expect(sources(image)).toEqual({ webp: undefined, any: undefined });
  });

  it("have the transparent one among the WebPs", () => {
    const image = {
      ...size(800, "webp"),
      alt: "",
      thumbnails: [size(320, "webp")],
      fallbacks: [size(320, "jpg"), size(800, "jpg")],
    };
    expect(sources(image)).toEqual({
      webp: "/media/320.webp 320w, /media/800.webp 800w",
      any: "/media/320.jpg 320w, /media/800.jpg 800w",
    });
  });
});
