//! Keeping an installation: whether it is well, its backup, and bringing that back.

use std::{
    io::{BufWriter, Read, Write},
    path::Path,
};

use grip_pipeline::{Grip, Key, existing_secret, open_lake};
use grip_upkeep::{Finding, Installation, Manifest, Progress, Source, State, UpkeepError};

use crate::{
    Ending,
    args::{Backup, Doctor, Place, Restore},
    commands::{ACCESS_KEY, PSEUDONYM_KEY, key_file, named_register, register_address},
    error::CliError,
    screen,
};

/// In place of a file: what is written or read by the program before or behind.
const PIPE: &str = "-";

pub(crate) fn doctor(place: &Place, doctor: &Doctor) -> Result<Ending, CliError> {
    let keys = key_file(place.key.as_ref(), PSEUDONYM_KEY)
        .and_then(|pseudonyms| Ok((pseudonyms, key_file(place.access_key.as_ref(), ACCESS_KEY)?)));
    let findings = grip_upkeep::examine(&Installation {
        data: &place.data,
        register: &register_address(&place.data),
        keys: keys.ok(),
        listen: doctor.serve.listen,
        has_provider: doctor.serve.oidc.is_some(),
        grip: env!("CARGO_PKG_VERSION"),
        now: jiff::Zoned::now(),
    });
    let mut out = std::io::stdout().lock();
    if doctor.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&findings)?)?;
    } else {
        for finding in &findings {
            writeln!(out, "{}", line(finding))?;
        }
    }
    Ok(match findings.iter().map(|finding| finding.state).max() {
        Some(State::Fault) => Ending::Unwell,
        Some(State::Attention) => Ending::SomeRefused,
        _ => Ending::Whole,
    })
}

fn line(finding: &Finding) -> String {
    let state = match finding.state {
        State::Ok => "ok",
        State::Attention => "attention",
        State::Fault => "FAULT",
    };
    let said = format!("{state:<9}  {:<14}  {}", finding.check.replace('_', " "), finding.found);
    if finding.advice.is_empty() { said } else { format!("{said}\n{:27}{}", "", finding.advice) }
}

pub(crate) fn backup(place: &Place, asked: &Backup) -> Result<Ending, CliError> {
    if let Some(file) = &asked.check {
        let manifest = reading(file, |from, tell| grip_upkeep::check(from, tell))?;
        eprintln!("{} is whole: {}", file.display(), told(&manifest));
        return Ok(Ending::Whole);
    }
    let out = asked.out.as_deref().ok_or(CliError::NoFile)?;
    let grip = Grip::open(&place.data)?;
    if !place.data.exists() {
        return Err(grip_pipeline::PipelineError::Empty(place.data.clone()).into());
    }
    let keys = asked.keys_out.as_deref().map(|folder| keys(place, folder, out)).transpose()?.unwrap_or_default();
    let address = register_address(grip.data());
    let is_pipe = out == Path::new(PIPE);
    let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let temporary = std::env::temp_dir();
    let lake = open_lake(&place.data)?;
    let source = Source {
        lake: &lake,
        register: &address,
        aside: if is_pipe { &temporary } else { folder },
        grip: env!("CARGO_PKG_VERSION"),
        at: jiff::Timestamp::now(),
    };
    let bar = screen::bar("keeping", 0);
    let tell = |progress: Progress| {
        bar.set_length(progress.total);
        bar.set_position(progress.done);
    };
    let manifest = if is_pipe {
        let (manifest, mut out) = grip_upkeep::backup(&source, std::io::stdout().lock(), tell)?;
        out.flush()?;
        manifest
    } else {
        let file = grip_upkeep::NewFile::create(out)?;
        let (manifest, written) = grip_upkeep::backup(&source, BufWriter::new(file), tell)?;
        written.into_inner().map_err(std::io::IntoInnerError::into_error)?.keep()?;
        manifest
    };
    for (path, text) in keys {
        let mut file = grip_upkeep::NewFile::create(&path)?;
        file.write_all(text.as_bytes())?;
        file.keep()?;
        eprintln!("wrote a key to {}", path.display());
    }
    bar.finish_and_clear();
    eprintln!("kept {}", told(&manifest));
    Ok(Ending::Whole)
}

/// The keys there are, each with the file it is to be copied to.
fn keys(place: &Place, folder: &Path, out: &Path) -> Result<Vec<(std::path::PathBuf, String)>, CliError> {
    let (folder_there, data) = (std::path::absolute(folder)?, std::path::absolute(&place.data)?);
    let beside = std::path::absolute(out)?.parent().is_some_and(|parent| parent == folder_there);
    if beside || folder_there.starts_with(data) {
        return Err(UpkeepError::KeyBeside(folder.to_owned()).into());
    }
    let pseudonyms = key_file(place.key.as_ref(), PSEUDONYM_KEY)?;
    // Another key, or none, is worse than no copy: it would be found out when it is needed.
    Key::load(&pseudonyms, &place.data)?.is_of(&place.data)?;
    let access = key_file(place.access_key.as_ref(), ACCESS_KEY)?;
    let mut keys = vec![(folder.join(PSEUDONYM_KEY), fs_err::read_to_string(pseudonyms)?)];
    if access.exists() {
        existing_secret(&access, &place.data)?;
        keys.push((folder.join(ACCESS_KEY), fs_err::read_to_string(access)?));
    }
    Ok(keys)
}

pub(crate) fn restore(place: &Place, asked: &Restore) -> Result<Ending, CliError> {
    let database = named_register();
    let manifest =
        reading(&asked.file, |from, tell| grip_upkeep::restore(from, &place.data, database.as_deref(), tell))?;
    eprintln!("brought back {}", told(&manifest));
    let key = key_file(place.key.as_ref(), PSEUDONYM_KEY)?;
    match Key::load(&key, &place.data).and_then(|key| key.is_of(&place.data)) {
        Ok(_) => {}
        Err(error) => eprintln!("warning: the key of this data is not at {}: {error}", key.display()),
    }
    Ok(Ending::Whole)
}

/// Reads a backup from a file or from the program before.
fn reading<T>(
    file: &Path,
    task: impl FnOnce(&mut dyn Read, &mut dyn FnMut(Progress)) -> Result<T, UpkeepError>,
) -> Result<T, CliError> {
    let bar = screen::bar("reading", 0);
    let mut length = 0;
    let mut from: Box<dyn Read> = if file == Path::new(PIPE) {
        Box::new(std::io::stdin().lock())
    } else {
        let file = fs_err::File::open(file)?;
        length = file.metadata()?.len();
        Box::new(std::io::BufReader::new(file))
    };
    let done = task(&mut from, &mut |progress: Progress| {
        bar.set_length(length.max(progress.done));
        bar.set_position(progress.done);
    });
    bar.finish_and_clear();
    Ok(done?)
}

fn told(manifest: &Manifest) -> String {
    format!(
        "{} files and {} edits ({}), as they were at {}",
        manifest.members.len(),
        manifest.edits,
        screen::megabytes(manifest.bytes()),
        manifest.made_at
    )
}
