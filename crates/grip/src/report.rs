//! Reports to a file.

use grip_pipeline::Grip;
use grip_register::Register;
use grip_report::{find_program, pdf_by, report_csv, report_html, report_xlsx};

use crate::{
    Ending,
    args::{Place, ReportArgs},
    commands::{dirs, register_address},
    error::CliError,
    screen,
};

pub(crate) fn report(place: &Place, asked: &ReportArgs) -> Result<Ending, CliError> {
    let form = asked.out.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    if !["pdf", "xlsx", "csv", "html"].contains(&form) {
        return Err(CliError::ReportForm(asked.out.clone()));
    }
    let grip = Grip::open(&place.data)?;
    let bar = screen::spinner("making the report:");
    let query = [
        place.gemeente.map(|code| format!("gemeente={code}")),
        place.peildatum.map(|day| format!("peildatum={day}")),
        asked.jaar.or(place.peildatum.map(|day| day.year())).map(|jaar| format!("jaar={jaar}")),
        asked.english.then(|| "taal=en".to_owned()),
    ];
    let query = query.into_iter().flatten().collect::<Vec<_>>().join("&");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let report = runtime.block_on(async {
        let register = Register::open(&register_address(grip.data())).await?;
        let settings = grip_web::Settings {
            allowed_hosts: Vec::new(),
            house_style: None,
            typeset: None,
            template: None,
            sign_in: None,
            pseudonym_key: None,
            writing: Some(grip_web::Writing { register, now: jiff::Timestamp::now }),
            on_incident: |_| {},
        };
        grip_web::report(grip, settings, &asked.name, &query).await.map_err(CliError::Report)
    })?;
    let bytes = match form {
        "csv" => report_csv(&report).into_bytes(),
        "html" => report_html(&report).into_bytes(),
        "xlsx" => report_xlsx(&report).map_err(|error| CliError::Workbook(error.to_string()))?,
        _ => {
            let program = typeset()?;
            pdf_by(&program, asked.template.as_deref(), &report, |line| bar.set_message(line.to_owned()))?
        }
    };
    fs_err::write(&asked.out, &bytes)?;
    bar.finish_and_clear();
    eprintln!("wrote {} to {}", screen::megabytes(bytes.len() as u64), asked.out.display());
    Ok(Ending::Whole)
}

/// The program that sets reports on paper: named, beside this one, or on the path.
pub(crate) fn typeset() -> Result<std::path::PathBuf, CliError> {
    let named = dirs("GRIP_TYPESET");
    let path = dirs("PATH").map(std::path::PathBuf::into_os_string);
    Ok(find_program(named.as_deref(), std::env::current_exe().ok().as_deref(), path.as_deref())?)
}
