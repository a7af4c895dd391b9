import ImageLoading
import Reports
import Support
import Training

/// What a page says of the images of a run.
struct DataReportSection {
  let report: DataReport
  let record: RunRecord

  var section: ReportPage.Section {
    ReportPage.Section("images", "Its images") {
      HTML.element("p") {
        "\(record.trainingCount.grouped) to train, \(record.validationCount.grouped) to validate, "
        "\(record.testCount.grouped) to test, from "
        HTML.name(report.root)
        " (\(report.layout.rawValue)). Of \(report.counts.found.counted("file")), "
        "\(report.counts.used.grouped) are used, \(report.counts.skipped.grouped) skipped, "
        "\(report.counts.ignored.grouped) ignored."
      }
      if !report.notes.isEmpty { HTML.list(report.notes.map { HTML($0) }) }
      DataTable(
        "Each class", [.text("class"), .number("files"), .number("usable")],
        rows: report.classes.map {
          [HTML.name($0.name), HTML($0.files.grouped), HTML($0.usable.grouped)]
        }
      ).html
      findings("Skipped", "cannot be used", report.skipped)
      findings("Damaged, and used", "what is wrong", report.problems)
      findings("Ignored", "why", report.ignored)
      groups("Copies in several classes", report.conflicts)
      groups("Alike, but labeled differently", report.nearConflicts)
      groups("Copies", report.duplicates)
      groups("Nearly alike", report.nearDuplicates)
      for overlap in report.overlaps {
        groups(
          "Copies of \(overlap.original.rawValue) images among the \(overlap.part.rawValue) images",
          overlap.copies + overlap.nearCopies)
      }
      if (report.skipped + report.problems).isEmpty,
        (report.conflicts + report.nearConflicts).isEmpty
      {
        HTML.quiet("None is damaged, and none has two labels.")
      }
    }
  }

  private func findings(
    _ name: String, _ head: String, _ findings: [DataReport.Finding]
  ) -> HTML {
    HTML {
      if !findings.isEmpty {
        HTML.folded("\(name) (\(findings.count.grouped))") {
          DataTable(
            name, [.text("file"), .text(head)],
            rows: findings.map { [HTML.name($0.path), HTML($0.reason)] }
          ).html
        }
      }
    }
  }

  private func groups(_ name: String, _ groups: [[String]]) -> HTML {
    HTML {
      if !groups.isEmpty {
        HTML.folded("\(name) (\(groups.count.counted("group")))") {
          DataTable(
            name, [.text("file"), .text("the same as")],
            rows: groups.compactMap { paths in
              paths.first.map { first in
                [
                  HTML.name(first),
                  HTML {
                    for path in paths.dropFirst() { HTML.element("div") { HTML.name(path) } }
                  },
                ]
              }
            }
          ).html
        }
      }
    }
  }
}
