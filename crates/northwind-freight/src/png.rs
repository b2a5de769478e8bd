//! The smallest writer of PNG pictures: black and white, nothing compressed.

/// Writes a picture of one bit a pixel. `black(x, y)` tells its colour.
pub(crate) fn picture(width: u32, height: u32, black: impl Fn(u32, u32) -> bool) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
    // Bit depth 1, greyscale, and the only methods of compression, filter and interlace that this writer has.
    chunk(&mut file, *b"IHDR", &[&size[..], &[1, 0, 0, 0, 0]].concat());
    chunk(
        &mut file,
        *b"IDAT",
        &stored(&scanlines(width, height, black)),
    );
    chunk(&mut file, *b"IEND", &[]);
    file
}

/// Every line: the filter "none", then eight pixels a byte, where a one is white.
fn scanlines(width: u32, height: u32, black: impl Fn(u32, u32) -> bool) -> Vec<u8> {
    let mut lines = Vec::new();
    for y in 0..height {
        lines.push(0);
        for start in (0..width).step_by(8) {
            lines.push((0..8).fold(0, |byte, bit| byte << 1 | u8::from(!black(start + bit, y))));
        }
    }
    lines
}

/// A zlib stream of stored deflate blocks, RFC 1950 and RFC 1951 section 3.2.4.
fn stored(data: &[u8]) -> Vec<u8> {
    let mut stream = vec![0x78, 0x01];
    let blocks = data.chunks(usize::from(u16::MAX));
    let last = blocks.len().saturating_sub(1);
    for (index, block) in blocks.enumerate() {
        let length = u16::try_from(block.len()).expect("a chunk is at most 65,535 bytes");
        stream.push(u8::from(index == last));
        stream.extend(length.to_le_bytes());
        stream.extend((!length).to_le_bytes());
        stream.extend(block);
    }
    stream.extend(adler32(data).to_be_bytes());
    stream
}

fn chunk(file: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    let length = u32::try_from(data.len()).expect("a label is a few kilobytes");
    let typed = [&kind[..], data].concat();
    file.extend(length.to_be_bytes());
    file.extend(&typed);
    file.extend(crc32(&typed).to_be_bytes());
}

fn crc32(data: &[u8]) -> u32 {
    !data.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            if sum & 1 == 1 {
                sum >> 1 ^ 0xEDB8_8320
            } else {
                sum >> 1
            }
        })
    })
}

fn adler32(data: &[u8]) -> u32 {
    let (low, high) = data.iter().fold((1, 0), |(low, high), byte| {
        let low = (low + u32::from(*byte)) % 65_521;
        (low, (high + low) % 65_521)
    });
    high << 16 | low
}
