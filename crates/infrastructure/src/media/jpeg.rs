//! Whether a JPEG is all there. Its decoder paints grey what is missing, as a browser does; a shop wants to know.

/// The marker at the end.
const END: u8 = 0xD9;

/// Whether the picture reaches its end marker. What stands after that is none of the picture.
pub fn is_whole(file: &[u8]) -> bool {
    let mut rest = file;
    loop {
        // The next marker: FF, and what is neither a filler nor a stuffed zero nor a restart within a scan.
        let Some(start) = rest.windows(2).position(|pair| matches!(pair, [0xFF, marker] if is_marker(*marker))) else {
            return false;
        };
        let Some([marker, after @ ..]) = rest.get(start + 1..) else { return false };
        rest = after;
        match *marker {
            END => return true,
            0x01 | 0xD8 => {} // they have no length
            _ => {
                let [high, low, ..] = rest else { return false };
                let length = usize::from(u16::from_be_bytes([*high, *low]));
                let Some(after) = rest.get(length.max(2)..) else { return false };
                rest = after;
            }
        }
    }
}

const fn is_marker(byte: u8) -> bool {
    !matches!(byte, 0x00 | 0xFF | 0xD0..=0xD7)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The marker before the pixels of a scan.
    const SCAN: u8 = 0xDA;

    /// A file with a segment that has an end marker inside, a scan with stuffed bytes and restarts, and an end.
    fn file() -> Vec<u8> {
        let mut file = vec![0xFF, 0xD8, 0xFF, 0xE1, 0, 6, 0xFF, 0xD9, 1, 2];
        file.extend([0xFF, SCAN, 0, 3, 1, 9, 0xFF, 0x00, 9, 0xFF, 0xD0, 7, 0xFF, 0xD9]);
        file
    }

    #[test]
    fn an_end_inside_a_segment_is_none() {
        let file = file();
        assert!(is_whole(&file));
        for end in 0..file.len() {
            assert!(!is_whole(&file[..end]), "{end}");
        }
    }

    #[test]
    fn what_follows_the_end_does_not_matter() {
        let mut file = file();
        file.extend(b"<script>");
        assert!(is_whole(&file));
    }
}
