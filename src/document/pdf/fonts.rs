//! The faces that a document is set in: those that an office owns, from a directory of its own, then the machine's.
//!
//! Reads font files, and nothing else. Invariant: the same files give the same choice, in whatever order a file system lists them.

use super::faces::{FaceFound, faces_in};
use crate::document::PdfError;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

const BOLD: u16 = 700;
const REGULAR: u16 = 400;

/// Roles of GB/T 9704-2012, each with its faces: those that offices own first, then what is free. At the end of each stands a face that has nearly
/// every character.
const ROLES: [(&str, u16, &[&str]); 6] = [
    (
        "imitation_song",
        REGULAR,
        &[
            "FZFangSong-Z02S",
            "FZFangSong-Z02",
            "方正仿宋简体",
            "方正仿宋_GBK",
            "FangSong_GB2312",
            "仿宋_GB2312",
            "FangSong",
            "仿宋",
            "STFangsong",
            "FandolFang R",
            "LXGW WenKai",
            "Noto Serif CJK SC",
        ],
    ),
    (
        "small_standard_song",
        BOLD,
        &[
            "FZXiaoBiaoSong-B05S",
            "FZXiaoBiaoSong-B05",
            "方正小标宋简体",
            "方正小标宋_GBK",
            "FandolSong",
            "Noto Serif CJK SC",
        ],
    ),
    ("song", REGULAR, &["SimSun", "宋体", "STSong", "Noto Serif CJK SC"]),
    ("black", REGULAR, &["SimHei", "黑体", "STHeiti", "Noto Sans CJK SC"]),
    ("regular_script", REGULAR, &["KaiTi_GB2312", "楷体_GB2312", "KaiTi", "楷体", "STKaiti", "LXGW WenKai"]),
    // Names have characters that the faces of offices lack (喆 堃 玥 珺 祎 赟).
    ("name", REGULAR, &["LXGW WenKai", "Noto Serif CJK SC"]),
];

/// Every role's last resort.
const FALLBACKS: [(&str, u16); 3] =
    [("LXGW WenKai", REGULAR), ("Noto Serif CJK SC", REGULAR), ("Noto Sans CJK SC", REGULAR)];

/// The names of families by role, each list in the order of preference.
#[derive(Debug, Serialize)]
pub(super) struct Families(BTreeMap<&'static str, Vec<String>>);

/// Faces in memory: about 25 MB each.
#[derive(Debug)]
pub struct Fonts {
    pub(super) book: LazyHash<FontBook>,
    pub(super) faces: Vec<Font>,
    pub(super) families: Families,
}

impl Fonts {
    /// Finds them in a directory of one's own, if there is one, then in the machine's. Reads some files of some MB each.
    pub fn find(own: Option<&Path>, of_the_machine: &[PathBuf]) -> Result<Fonts, PdfError> {
        let owned = own.map(faces_in).unwrap_or_default();
        let others: Vec<FaceFound> = of_the_machine.iter().flat_map(|directory| faces_in(directory)).collect();
        let mut chosen = Chosen::default();
        let mut families = BTreeMap::new();
        for (role, weight, names) in ROLES {
            let wanted = names.iter().map(|name| (*name, weight)).chain(FALLBACKS);
            let found = wanted.filter_map(|(name, weight)| {
                let face = nearest(&owned, name, weight).or_else(|| nearest(&others, name, weight))?;
                chosen.family(face)
            });
            let mut found: Vec<String> = found.collect();
            let mut seen = Vec::new();
            found.retain(|family| {
                !seen.contains(family) && {
                    seen.push(family.clone());
                    true
                }
            });
            families.insert(role, found);
        }
        // What an office put there for its rare characters serves every role.
        for face in &owned {
            if let Some(family) = chosen.family(face) {
                families.values_mut().filter(|of| !of.contains(&family)).for_each(|of| of.push(family.clone()));
            }
        }
        if !chosen.faces.iter().any(|face| has(face, '通')) {
            let looked_in = own.map(Path::to_owned).into_iter().chain(of_the_machine.iter().cloned()).collect();
            return Err(PdfError::NoFonts { looked_in });
        }
        let book = LazyHash::new(FontBook::from_fonts(&chosen.faces));
        Ok(Fonts { book, faces: chosen.faces, families: Families(families) })
    }

    /// Whether some face has this character.
    pub(super) fn have(&self, character: char) -> bool {
        self.faces.iter().any(|face| has(face, character))
    }
}

fn has(face: &Font, character: char) -> bool {
    face.info().coverage.contains(character.into())
}

/// Faces that were read, and where from.
#[derive(Default)]
struct Chosen {
    faces: Vec<Font>,
    places: Vec<(PathBuf, u32)>,
    files: BTreeMap<PathBuf, Bytes>,
}

impl Chosen {
    /// Reads a face, unless that was done, and gives the name by which the typesetter knows it. None for a file that can't be used.
    fn family(&mut self, face: &FaceFound) -> Option<String> {
        let place = (face.path.clone(), face.index);
        if let Some(at) = self.places.iter().position(|known| *known == place) {
            return Some(self.faces[at].info().family.as_str().to_owned());
        }
        let data = match self.files.get(&place.0) {
            Some(data) => data.clone(),
            None => {
                let data = Bytes::new(std::fs::read(&place.0).ok()?);
                self.files.insert(place.0.clone(), data.clone());
                data
            }
        };
        let face = Font::new(data, place.1)?;
        let family = face.info().family.as_str().to_owned();
        self.faces.push(face);
        self.places.push(place);
        Some(family)
    }
}

/// The face of a family whose weight is nearest to the one wanted; the first among equals.
fn nearest<'a>(of: &'a [FaceFound], family: &str, weight: u16) -> Option<&'a FaceFound> {
    let named = of.iter().filter(|face| face.families.iter().any(|name| name == family));
    named.min_by_key(|face| face.weight.abs_diff(weight))
}
