use super::ZIP;
use crate::{
    Stretch,
    formats::{
        End, Proof,
        document::specimens::{chance, heard, holds, python, walk},
    },
};

const DOCX: &str = "
import zipfile
z=zipfile.ZipFile(out,'w',8)
z.writestr('[Content_Types].xml','<Types/>')
z.writestr('docProps/core.xml','<cp><dc:title>T &amp; U</dc:title><dc:creator>Anna</dc:creator><dcterms:created x=\"y\">2024-01-02T03:04:05Z</dcterms:created></cp>')
z.writestr('docProps/app.xml','<P><Application>WPS Office</Application><Pages>3</Pages></P>')
z.writestr('word/document.xml','<w:p><w:r><w:t>Se</w:t></w:r><w:r><w:t>cret \\u673a</w:t></w:r><w:r><w:t>\\u5bc6</w:t></w:r></w:p>')
z.writestr('word/media/a.bin',random.randbytes(40000))
z.close()";

const STREAMED: &str = "
import zipfile
class O(io.RawIOBase):
    def writable(self): return True
    def write(self,d): out.write(bytes(d)); return len(d)
z=zipfile.ZipFile(O(),'w',METHOD)
for i in range(5): z.writestr('f%d.txt'%i,' '.join(str(random.random()) for _ in range(700)))
z.close()";

#[test]
fn a_document_is_named_and_told() {
    let Some(file) = python(DOCX) else { return };
    let walked = holds(&ZIP, &file);
    assert_eq!((walked.kind.unwrap().name, walked.proof), ("docx", Proof::Checksum));
    let details = &walked.details;
    assert_eq!(
        (details.title.as_deref(), details.author.as_deref()),
        (Some("T & U"), Some("Anna"))
    );
    assert_eq!((details.application.as_deref(), details.pages), (Some("WPS Office"), Some(3)));
    assert_eq!(details.created, Some(1_704_164_645));
    assert!(heard(&ZIP, &file).contains("Secret 机密\n"));
    let cut = walk(&ZIP, &file[..20_000]).unwrap();
    assert_eq!((cut.kind.unwrap().name, cut.end), ("docx", End::Broken));
}

#[test]
fn streams_and_comments_end_exactly() {
    for method in ["0", "8", "12"] {
        let Some(file) = python(&STREAMED.replace("METHOD", method)) else { return };
        assert_eq!(holds(&ZIP, &file).kind.unwrap().name, "zip");
    }
    let wide = "import zipfile\nz=zipfile.ZipFile(out,'w',8)\nz.comment=b'c'*700\n\
                f=z.open('a','w',force_zip64=True)\nf.write(random.randbytes(9000))\nf.close()\nz.close()";
    if let Some(file) = python(wide) {
        holds(&ZIP, &file);
    }
}

#[test]
fn foreign_bytes_are_noticed_and_the_joint_computed() {
    let Some(file) = python(&STREAMED.replace("METHOD", "8")) else { return };
    for (cut, gap) in [(4096, 4096), (8192, 12_288), (20_480, 512)] {
        let torn = [&file[..cut], &chance(gap), &file[cut..], &[0; 9000]].concat();
        let walked = walk(&ZIP, &torn).unwrap();
        assert!(walked.end != End::Whole && walked.sound() <= (cut + gap) as u64);
        let found = ZIP.joints().unwrap()(&mut Stretch::new(&torn), &walked, 1 << 20);
        assert!(
            found
                .iter()
                .any(|joint| joint.gap == gap as u64 && joint.split.contains(&(cut as u64))),
            "{found:?}"
        );
    }
}

#[test]
fn an_archive_torn_in_its_directory_has_its_joint_computed() {
    let Some(file) = python(&STREAMED.replace("METHOD", "8")) else { return };
    let (cut, gap) = (file.len() - 22 - 70, 8192);
    let torn = [&file[..cut], &chance(gap), &file[cut..], &[0; 9000]].concat();
    let walked = walk(&ZIP, &torn).unwrap();
    let found = ZIP.joints().unwrap()(&mut Stretch::new(&torn), &walked, 1 << 20);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].gap == gap as u64 && found[0].split.contains(&(cut as u64)), "{found:?}");
}

const LONG: &str = "
import zipfile
z=zipfile.ZipFile(out,'w',8)
z.writestr('[Content_Types].xml','<Types/>')
z.writestr('word/document.xml','<w:t>strictly private</w:t>'+''.join('<w:t>%d</w:t>'%random.getrandbits(60) for _ in range(3000)))
z.close()";

#[test]
fn of_the_member_in_which_it_is_cut_what_came_out_is_told() {
    let Some(file) = python(LONG) else { return };
    let cut = 12_000;
    for tail in [chance(9000), vec![0; 9000]] {
        let torn = [&file[..cut], &tail].concat();
        let walked = walk(&ZIP, &torn).unwrap();
        assert_eq!((walked.kind.unwrap().name, walked.end), ("docx", End::Broken));
        assert!((cut - 1024..=cut + 1024).contains(&(walked.length as usize)), "{}", walked.length);
        assert!(heard(&ZIP, &torn).contains("strictly private"));
    }
}

#[test]
fn a_wrong_byte_fails_the_checksum() {
    let Some(mut file) = python(DOCX) else { return };
    let at = file.len() - 5000;
    file[at] ^= 1;
    let Some(walked) = walk(&ZIP, &file) else { panic!("gone") };
    assert!(matches!(walked.end, End::Damaged { .. }), "{walked:?}");
}

/// The package of an application, with zeros to the next page before its block of signatures.
#[test]
fn signatures_behind_padding_belong_to_it() {
    let Some(file) = python(DOCX) else { return };
    let at = memchr::memmem::find(&file, b"PK\x01\x02").unwrap();
    let page = at.next_multiple_of(4096);
    let length = 24_u64 + 100;
    let block = [&length.to_le_bytes()[..], &chance(100), &length.to_le_bytes()].concat();
    let block = [&block[..], b"APK Sig Block 42"].concat();
    let mut signed = [&file[..at], &vec![0; page - at], &block, &file[at..]].concat();
    let close = signed.len() - 22;
    let directory = (page + block.len()) as u32;
    signed[close + 16..close + 20].copy_from_slice(&directory.to_le_bytes());
    let walked = walk(&ZIP, &signed).unwrap();
    assert_eq!((walked.length, walked.end), (signed.len() as u64, End::Whole));
}

/// Entries that all tell of one stored member give its text within the budget.
#[test]
fn a_member_that_many_entries_share_is_read_within_a_budget() {
    let script =
        "import zipfile\nz=zipfile.ZipFile(out,'w',0)\nz.writestr('a.txt','x'*(1<<20))\nz.close()";
    let Some(mut file) = python(script) else { return };
    let at = memchr::memmem::find(&file, b"PK\x01\x02").unwrap();
    let close = file.len() - 22;
    let entry = file[at..close].to_vec();
    let more = entry.repeat(299);
    file.splice(close..close, more.iter().copied());
    let close = file.len() - 22;
    for place in [8, 10] {
        file[close + place..close + place + 2].copy_from_slice(&300_u16.to_le_bytes());
    }
    let size = (entry.len() * 300) as u32;
    file[close + 12..close + 16].copy_from_slice(&size.to_le_bytes());
    assert_eq!(walk(&ZIP, &file).unwrap().end, End::Whole);
    let count = heard(&ZIP, &file).len();
    assert!((100 << 20..=140 << 20).contains(&count), "{count}");
}

/// A member without a length of which more comes out than is allowed at first.
#[test]
fn what_goes_in_credits_a_long_member() {
    use super::member::{Ending, Member, Reader};
    let script = STREAMED.replace("METHOD", "8").replace("range(700)", "range(40000)");
    let Some(file) = python(&script) else { return };
    let mut stretch = Stretch::new(&file);
    let member = Member::read(&mut stretch, 0).unwrap();
    let mut budget = 70_000;
    let mut reader = Reader { inflater: Default::default(), budget: &mut budget };
    let ending = reader.follow(&mut stretch, &member, &mut |_| ());
    assert!(matches!(ending, Ending::Whole { verified: true, .. }), "{ending:?}");
}

/// A long stored member is whole by its checksum where the next one was lost, whatever zeros it has.
#[test]
fn a_long_stored_member_needs_nothing_behind_it() {
    let script = "import zipfile\nz=zipfile.ZipFile(out,'w',0)\nz.writestr('a.iso',random.randbytes(8192)+bytes(32768)+random.randbytes(65<<20))\nz.close()";
    let Some(mut file) = python(script) else { return };
    file.truncate(30 + 5 + 8192 + 32_768 + (65 << 20));
    let whole = [&file[..], &chance(9000)].concat();
    let walked = walk(&ZIP, &whole).unwrap();
    let told = (walked.length, walked.end, walked.proof);
    assert_eq!(told, (file.len() as u64, End::Broken, Proof::Checksum));
    // What another file begins in is not its own.
    file[4096..][..29].copy_from_slice(b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n");
    assert_eq!(walk(&ZIP, &file).unwrap().length, 4096);
}

/// A stored member that is said to be far longer than the medium is cut where something else begins.
#[test]
fn a_stored_member_that_lies_beyond_is_not_read_to_the_end() {
    let script = "import zipfile\nz=zipfile.ZipFile(out,'w',0)\nz.writestr('a.bin',random.randbytes(9000))\nz.close()";
    let Some(mut file) = python(script) else { return };
    file.truncate(8192);
    file[18..26].fill(0xEE);
    file.extend(vec![0; 8 << 20]);
    let mut stretch = Stretch::new(&file);
    let walked = (ZIP.walk)(&mut stretch).unwrap();
    assert_eq!((walked.length, walked.end), (8192, End::Broken));
    assert!(stretch.cost() < 2 << 20, "{}", stretch.cost());
}
