import LocalServer
import TestSupport
import Testing

/// Who gets an answer, and who does not.
@Suite struct AccessTests {
  let station: Station

  init() throws { station = try Station() }

  @Test func `the printed address opens the page, and its cookie all the others`() throws {
    let token = station.server.token.text
    #expect(token.count == 32 && token.allSatisfy(\.isHexDigit))
    #expect(station.server.address == "http://\(station.host)/?token=\(token)")
    let entry = try station.answer(station.head("GET /?token=\(token)", isLetIn: false))
    #expect(entry.status == 200 && entry.contains("content=\"0; url=/\""))
    #expect(
      entry.contains(
        "Set-Cookie: marbles-\(station.server.port)=\(token); Path=/; HttpOnly; SameSite=Strict"))
    #expect(try station.answer(station.head("GET /")).hasSuffix("welcome\n"))
    #expect(
      try station.answer(station.head("GET /", ["Cookie: a=b; c=d"])).hasSuffix("welcome\n"))
  }

  @Test func `a page's address with the token opens that page, and no text of an address`() throws {
    let token = station.server.token.text
    let cases = [
      ("/events", "/events"), ("/nothing", "/"), ("/%22%3E%3Cb%3E", "/"), ("/echo", "/"),
    ]
    for (path, place) in cases {
      let entry = try station.answer(station.head("GET \(path)?token=\(token)", isLetIn: false))
      #expect(entry.contains("content=\"0; url=\(place)\""), "\(path)")
      #expect(entry.contains("<a href=\"\(place)\">"), "\(path)")
    }
  }

  @Test func `without the token nothing is answered, not even what is missing`() throws {
    let token = station.server.token.text
    let wrong = String(token.dropLast()) + (token.hasSuffix("0") ? "1" : "0")
    for line in [
      "GET /", "GET /nothing", "POST /echo", "GET /events", "GET /?token=", "GET /?token=\(wrong)",
      "GET /?Token=\(token)", "GET /?a=1&token=\(token)", "POST /?token=\(token)",
      "GET /?token=\(token)0", "DELETE /",
    ] {
      let answer = try station.answer(station.head(line, isLetIn: false))
      #expect(answer.status == 403, "\(line): \(answer)")
      #expect(!answer.contains("welcome"))
    }
    for cookie in [
      "marbles=\(token)", "marbles-\(station.server.port)=\(wrong)",
      "marbles-\(station.server.port)=", "x\(station.cookie)", token,
    ] {
      let head = station.head("GET /", ["Cookie: \(cookie)"], isLetIn: false)
      #expect(try station.answer(head).status == 403, "\(cookie)")
    }
  }

  @Test func `another name for this computer is refused, as by a page that rebinds its own`() throws
  {
    let hosts = [
      "evil.example", "evil.example:\(station.server.port)", "127.0.0.1", "127.0.0.1:1",
      "127.0.0.1:\(station.server.port).evil.example", "[::1]:\(station.server.port)", "",
      "localhost", "0.0.0.0:\(station.server.port)",
    ]
    for host in hosts {
      let text = "GET / HTTP/1.1\r\nHost: \(host)\r\n\(station.cookie)\r\n\r\n"
      #expect([421, 400].contains(try station.answer(text).status), "\(host)")
    }
    let none = "GET / HTTP/1.1\r\n\(station.cookie)\r\n\r\n"
    #expect([421, 400].contains(try station.answer(none).status))
    let two = station.head("GET /", ["Host: \(station.host)"])
    #expect([421, 400].contains(try station.answer(two).status))
    let local =
      "GET / HTTP/1.1\r\nHost: LOCALHOST:\(station.server.port)\r\n\(station.cookie)\r\n\r\n"
    #expect(try station.answer(local).status == 200)
  }

  @Test func `requests of other sites are refused`() throws {
    for field in [
      "Origin: https://evil.example", "Origin: null", "Origin: http://localhost",
      "Origin: https://\(station.host)", "Origin: http://localhost:\(station.server.port)",
      "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site", "Sec-Fetch-Site: ",
    ] {
      #expect(try station.answer(station.head("GET /", [field])).status == 403, "\(field)")
    }
    for field in [
      "Origin: http://\(station.host)", "Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: none",
    ] {
      #expect(try station.answer(station.head("GET /", [field])).status == 200, "\(field)")
    }
  }

  @Test func `a path is nothing but a name`() throws {
    for path in [
      "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc%2fpasswd",
      "/%252e%252e%252fetc%252fpasswd", "/..%c0%af..%c0%afetc/passwd", "/..\\..\\etc\\passwd",
      "/.%00./etc/passwd", "//etc/passwd", "/./", "/index.html/..", "/%2f", "http://evil.example/",
    ] {
      let answer = try station.answer(station.head("GET \(path)"))
      #expect([404, 400].contains(answer.status), "\(path): \(answer)")
      #expect(!answer.contains("root:"))
    }
  }

  @Test func `every answer forbids to keep, frame, guess or fetch elsewhere`() throws {
    for line in ["GET /", "GET /nothing", "POST /", "GET /?token=\(station.server.token.text)"] {
      let answer = try station.answer(station.head(line))
      for field in [
        "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; "
          + "img-src 'self' blob: data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
          + "frame-ancestors 'none'",
        "X-Content-Type-Options: nosniff", "Referrer-Policy: no-referrer",
        "Cache-Control: no-store", "Cross-Origin-Opener-Policy: same-origin",
        "Cross-Origin-Resource-Policy: same-origin",
      ] { #expect(answer.contains("\r\n\(field)\r\n"), "\(line): \(field)") }
      #expect(!answer.contains("Access-Control"))
    }
  }

  @Test func `a method that an address does not take is named`() throws {
    let answer = try station.answer(station.head("PUT /echo", ["Content-Length: 0"]))
    #expect(answer.status == 405 && answer.hasSuffix("this address takes POST\n"))
  }

  @Test func `tokens differ and are compared whole`() {
    let tokens = Set((0..<100).map { _ in AccessToken().text })
    #expect(tokens.count == 100)
    let token = AccessToken()
    #expect(token.equals(token.text))
    #expect(!token.equals(token.text.dropLast()) && !token.equals("") && !token.equals("\(token)0"))
  }
}
