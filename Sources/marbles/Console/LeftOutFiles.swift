import ImageLoading
import Support

/// Says which files of a dataset are left out: how many, and why the first of them is.
enum LeftOutFiles {
  /// Notes the files that cannot be used, and those that are not read.
  static func note(skipped: [DataReport.Finding] = [], ignored: [DataReport.Finding] = []) {
    for (findings, word) in [(skipped, "skipped"), (ignored, "ignored")] {
      if let text = text(findings, word) { Console.note("data   \(text)") }
    }
  }

  /// "6 files skipped, the first is dog/1.jpg: empty file"; nil for none.
  static func text(_ findings: [DataReport.Finding], _ word: String) -> String? {
    findings.first.map {
      "\(findings.count.counted("file")) \(word), the first is \($0.description.printable)"
    }
  }
}
