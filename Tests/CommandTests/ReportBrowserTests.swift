import Foundation
import TestSupport
import Testing

/// A page of `nres report` in a browser.
struct ReportBrowserTests {
  static let browser = ["chromium", "chromium-browser", "google-chrome"].map { "/usr/bin/\($0)" }
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  @Test(
    "pictures are shown, the video plays, and a narrow page does not scroll sideways",
    .enabled(if: browser != nil, "Chromium is not installed"))
  func narrow() throws {
    let folder = try TemporaryFolder()
    #expect(try Command.train("--eval-freq", "1", in: folder).status == 0)
    _ = try ReportTests.report("run", in: folder)
    // The page itself has no script: this one says what became of it.
    let script = """
      <script>
      const film = document.querySelector("video");
      function tell() {
        const width = document.documentElement.scrollWidth - document.documentElement.clientWidth;
        const shown = [...document.images].every(i => i.complete && i.naturalWidth > 0);
        document.title = [width, shown, film.videoWidth, document.images.length].join(" ");
      }
      addEventListener("load", tell);
      film.addEventListener("loadedmetadata", tell);
      </script></body>
      """
    let text = try String(contentsOfFile: folder("page.html"), encoding: .utf8)
    let page = try folder.file("told.html", text.replacing("</body>", with: script).utf8)
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: try #require(Self.browser))
    process.arguments = [
      "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir=\(folder("profile"))",
      "--window-size=500,900", "--host-resolver-rules=MAP * ~NOTFOUND",
      "--virtual-time-budget=5000", "--dump-dom", "file://\(page)",
    ]
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.start()
    let document = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let title = String(decoding: document, as: UTF8.self).firstMatch(of: /<title>([^<]*)<\/title>/)
    #expect(title.map { String($0.1) } == "0 true 480 2")
  }
}
