//! Files that hold files: archives and envelopes, taken apart on the way in.

use std::{
    io::{Cursor, Read, Seek},
    sync::LazyLock,
};

use grip_envelope::{Document, Limits, Trouble, TroubleKind};
use grip_messages::{Ernst, Finding, Place, Rule};
use grip_types::Wet;

use super::{
    COMMIT_FILES, COMMIT_UNPACKED_BYTES, Container, Fate, Outcome, Run, Taken, digest_of,
    offered::{self, Content, Offered, READ_BYTES_MAX},
};
use crate::PipelineError;

/// Whether a file that is too big for a message is an archive: those are read in pieces.
pub(super) fn is_big_archive(file: &Offered) -> bool {
    let Content::OnDisk(path, _) = &file.content else { return false };
    let mut start = [0; 4];
    file.bytes > READ_BYTES_MAX
        && fs_err::File::open(path).is_ok_and(|mut opened| opened.read_exact(&mut start).is_ok())
        && start == *b"PK\x03\x04"
}

/// The rules about containers, in the order of [`TroubleKind::ALL`].
static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let rule = |kind: &TroubleKind| Rule {
        code: kind.code(),
        ernst: match kind.ernst() {
            grip_envelope::Ernst::Waarschuwing => Ernst::Waarschuwing,
            grip_envelope::Ernst::Weigering => Ernst::Weigering,
        },
        title: kind.title(),
        explanation: kind.explanation(),
        advice: kind.advice(),
        retour_code: None,
        wetten: &[Wet::Wmo, Wet::Jw],
        berichten: &[],
    };
    TroubleKind::ALL.iter().map(rule).collect()
});

impl<T: FnMut(&Fate<'_>)> Run<'_, T> {
    /// Takes in what a container holds, and then writes down that it was there.
    pub(super) fn take_container(&mut self, file: &Offered) -> Result<(), PipelineError> {
        match &file.content {
            Content::OnDisk(path, _) => match fs_err::File::open(path) {
                Ok(opened) => self.take_documents(file, opened),
                Err(error) => {
                    let finding = offered::unreadable(&error);
                    self.close_container(file, 0, 0, 0, vec![finding], &[])
                }
            },
            Content::Unpacked(bytes) => self.take_documents(file, Cursor::new(bytes)),
            Content::NoFile => Ok(()),
        }
    }

    fn take_documents(&mut self, file: &Offered, mut source: impl Read + Seek) -> Result<(), PipelineError> {
        let digest = match digest_of(&mut source).and_then(|digest| source.rewind().map(|()| digest)) {
            Ok(digest) => digest,
            Err(error) => return self.close_container(file, 0, 0, 0, vec![offered::unreadable(&error)], &[]),
        };
        if self.known.files.contains(&digest) {
            let taken = Taken::without_rows(0, digest, Outcome::Known);
            self.report.known += 1;
            self.tell(file, &taken);
            return Ok(());
        }
        let before = self.report.refused;
        let (mut part, mut part_bytes, mut documents) = (Vec::new(), 0, 0);
        let limits = &Limits::STANDARD;
        let troubles = grip_envelope::unwrap_source(limits, &file.name, source, |document: Document<'_>| {
            let name = self.key.without_citizen_numbers(&document.name);
            let envelope = document.envelope.and_then(|envelope| envelope.tijdstip_bericht);
            let received = file.received.or(envelope.map(|moment| moment.date()));
            let received = offered::day_inside(&name, self.received, received);
            let content = document.bytes.into_owned();
            let bytes = content.len() as u64;
            part.push(Offered { content: Content::Unpacked(content), name, bytes, received });
            part_bytes += bytes;
            documents += 1;
            if part_bytes >= COMMIT_UNPACKED_BYTES || part.len() >= COMMIT_FILES {
                self.take_part(&part, None)?;
                part.clear();
                part_bytes = 0;
            }
            Ok::<_, PipelineError>(())
        })?;
        let findings = troubles.iter().map(finding).collect();
        self.close_container(file, digest, documents, before, findings, &part)
    }

    /// Takes the last documents of a container, and in the same commit the container itself.
    fn close_container(
        &mut self,
        file: &Offered,
        digest: u128,
        documents: usize,
        refused_before: usize,
        findings: Vec<Finding>,
        part: &[Offered],
    ) -> Result<(), PipelineError> {
        let container = Container { offered: file, digest, documents, refused_before, findings };
        self.take_part(part, Some(container)).map(drop)
    }
}

fn finding(trouble: &Trouble) -> Finding {
    let at = TroubleKind::ALL.iter().position(|kind| *kind == trouble.kind);
    let rule = &RULES[at.expect("every kind is in the list")];
    Finding { rule, place: Place::default(), element: trouble.name.clone(), text: trouble.text.clone() }
}
