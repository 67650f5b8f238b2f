//! A checkpoint as a QR code (ISO/IEC 18004) for paper, so that a reader keeps it without copying 64 digits by hand.
//!
//! Holds what it is given, which is the three lines that the log signs: no address, so that nobody is led anywhere by scanning.

use qrcode::{Color, EcLevel, QrCode};

/// The light margin that readers need, in modules.
const MARGIN: usize = 4;

/// A square of dark and light modules, with its margin.
pub struct Qr {
    side: usize,
    dark: Vec<bool>,
}

impl Qr {
    /// The code of a text. Panics if it doesn't fit: a code holds thousands of characters, and the text of a checkpoint has a few hundred at most.
    pub fn of(text: &str) -> Qr {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).expect("a checkpoint fits a code");
        let inner = code.width();
        let side = inner + 2 * MARGIN;
        let mut dark = vec![false; side * side];
        for (place, colour) in code.to_colors().into_iter().enumerate() {
            dark[(place / inner + MARGIN) * side + place % inner + MARGIN] = colour == Color::Dark;
        }
        Qr { side, dark }
    }

    /// Modules on one side, margin included.
    pub fn side(&self) -> usize {
        self.side
    }

    /// The dark modules as the path of an SVG whose view box is [`Qr::side`] wide and high: one rectangle for each run in a row.
    pub fn path(&self) -> String {
        let mut path = String::new();
        for (y, row) in self.dark.chunks(self.side).enumerate() {
            let mut x = 0;
            for run in row.chunk_by(|a, b| a == b) {
                if run[0] {
                    path.push_str(&format!("M{x} {y}h{length}v1h-{length}z", length = run.len()));
                }
                x += run.len();
            }
        }
        path
    }

    /// Two rows of modules in each line, dark as ink, for plain text on a light ground.
    pub fn lines(&self) -> Vec<String> {
        let half = |x: usize, y: usize| match (self.is_dark(x, y), self.is_dark(x, y + 1)) {
            (true, true) => '█',
            (true, false) => '▀',
            (false, true) => '▄',
            (false, false) => ' ',
        };
        (0..self.side).step_by(2).map(|y| (0..self.side).map(|x| half(x, y)).collect()).collect()
    }

    /// As a picture (PNG), `scale` points for each side of a module: dark on white, a bit a point.
    pub fn png(&self, scale: usize) -> Vec<u8> {
        let side = self.side * scale;
        let mut bits = vec![0_u8; side.div_ceil(8) * side];
        for (y, row) in bits.chunks_mut(side.div_ceil(8)).enumerate() {
            for x in (0..side).filter(|x| !self.is_dark(x / scale, y / scale)) {
                row[x / 8] |= 0x80 >> (x % 8);
            }
        }
        let side = u32::try_from(side).expect("a code has at most 185 modules on a side");
        let mut picture = Vec::new();
        let mut encoder = png::Encoder::new(&mut picture, side, side);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::One);
        let mut writer = encoder.write_header().expect("writing to memory");
        writer.write_image_data(&bits).expect("as many bits as the header says");
        writer.finish().expect("writing to memory");
        picture
    }

    fn is_dark(&self, x: usize, y: usize) -> bool {
        y < self.side && self.dark[y * self.side + x]
    }
}

#[cfg(test)]
mod tests {
    use super::Qr;

    #[test]
    fn another_program_reads_the_text_off_the_picture() {
        let text = "ledger.shuyuan.example/2026\n28416\nnyxKYbfY4DVSqhwPbnudSMP1ouGQe2TYgVz+I6BLfRY=";
        let picture = Qr::of(text).png(4);
        let mut reader = png::Decoder::new(std::io::Cursor::new(picture)).read_info().expect("a picture");
        let mut bits = vec![0; reader.output_buffer_size().expect("its size")];
        let frame = reader.next_frame(&mut bits).expect("one frame");
        let side = frame.width as usize;
        let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| {
            if bits[y * frame.line_size + x / 8] & (0x80 >> (x % 8)) == 0 { 0 } else { 255 }
        });
        assert_eq!(prepared.detect_grids()[0].decode().expect("a code that can be read").1, text);
    }
}
