/** What is wrong with a file before it is sent; the server looks closer. */
export const mostPictures = 12;
export const readable = ["image/jpeg", "image/png", "image/webp"];
const mostBytes = 12 * 1024 * 1024;

export function refusal(file: { size: number; type: string }): string | undefined {
  if (file.type !== "" && !readable.includes(file.type)) {
    return "Only JPEG, PNG and WebP pictures can be shown in the shop.";
  }
  if (file.size > mostBytes) {
    const size = Math.ceil(file.size / 1024 / 1024);
    return `It has ${size} MB, and a picture may have 12 MB at the most.`;
  }
  return file.size === 0 ? "The file is empty." : undefined;
}
