package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"image/png"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestTheEvaluationPageInABrowser opens the page from disk with the network off, on a phone and on a large screen, light and dark,
// and has axe-core look for what keeps people from reading it. `go test -artifacts` keeps the screenshots.
func TestTheEvaluationPageInABrowser(t *testing.T) {
	axe, chromium := needBrowser(t)
	r, models := madeUp()
	page := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(page, []byte(pageOf(t, r, models)), 0o644); err != nil {
		t.Fatal(err)
	}
	at := (&url.URL{Scheme: "file", Path: page}).String()
	b := openBrowser(t, chromium)
	b.call("Network.enable", nil, nil)
	b.call("Network.emulateNetworkConditions", object{"offline": true, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}, nil)
	b.call("Log.enable", nil, nil)
	b.call("Runtime.enable", nil, nil)
	b.call("Page.enable", nil, nil)

	grounds := map[string]string{}
	for _, scheme := range []string{"light", "dark"} {
		for _, width := range []int{360, 1400} {
			t.Run(fmt.Sprintf("%s-%d", scheme, width), func(t *testing.T) {
				b.t = t
				b.call("Emulation.setDeviceMetricsOverride", object{"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}, nil)
				b.call("Emulation.setEmulatedMedia", object{"features": []object{{"name": "prefers-color-scheme", "value": scheme}}}, nil)
				b.open(at)
				var seen struct {
					Owned             bool
					Scripts, Width    int
					Text, DOM, Ground string
				}
				b.eval(`for (const d of document.querySelectorAll("details")) d.open = true;
					({owned: "owned" in window, scripts: document.querySelectorAll("script, img").length, width: document.documentElement.scrollWidth,
					  text: document.body.innerText, dom: document.documentElement.outerHTML, ground: getComputedStyle(document.body).backgroundColor})`, &seen)
				if seen.Owned || seen.Scripts > 0 {
					t.Error("a stranger's text became a script or an image")
				}
				if !strings.Contains(seen.Text, "<script>window.owned = true</script>") || len(seen.DOM) < 100_000 {
					t.Errorf("the text is not there, in %d bytes of DOM", len(seen.DOM))
				}
				if seen.Width > width {
					t.Errorf("the page is %d px wide on a screen of %d", seen.Width, width)
				}
				grounds[scheme] = seen.Ground
				b.screenshot(filepath.Join(t.ArtifactDir(), fmt.Sprintf("%s-%d.png", scheme, width)), width)

				b.eval(axe+"; null", nil)
				var found struct {
					Passes     int
					Violations []struct {
						ID, Help string
						Nodes    []struct{ HTML, FailureSummary string }
					}
				}
				b.eval(`axe.run(document).then((r) => ({passes: r.passes.length, violations: r.violations}))`, &found)
				for _, v := range found.Violations {
					t.Errorf("axe: %s: %s, %d times, such as %s\n%s", v.ID, v.Help, len(v.Nodes), v.Nodes[0].HTML, v.Nodes[0].FailureSummary)
				}
				if found.Passes < 20 {
					t.Errorf("only %d rules of axe apply: does it see the page?", found.Passes)
				}
			})
		}
	}
	b.t = t
	if grounds["light"] == grounds["dark"] {
		t.Errorf("light and dark are both %s: are the styles blocked?", grounds["light"])
	}
	for _, e := range b.events {
		switch e.Method {
		case "Network.requestWillBeSent":
			if e.Params.Request.URL != at {
				t.Errorf("the page asks for %s", e.Params.Request.URL)
			}
		case "Log.entryAdded":
			t.Errorf("the browser complains: %s", e.Params.Entry.Text)
		case "Runtime.exceptionThrown":
			t.Error("a script failed")
		}
	}
}

// needBrowser finds axe-core, which `make browser` fetches, and Chromium. Without them the test is skipped, unless
// STANCE_TEST_BROWSER=required says that they must be there.
func needBrowser(t *testing.T) (axe, chromium string) {
	t.Helper()
	script, err := os.ReadFile(absolute(t, "../../.cache/browser/node_modules/axe-core/axe.min.js"))
	if err == nil {
		chromium, err = exec.LookPath("chromium")
	}
	switch {
	case err == nil:
		return string(script), chromium
	case os.Getenv("STANCE_TEST_BROWSER") == "required":
		t.Fatalf("the browser is required and not here: %v", err)
	}
	t.Skip(strings.ToUpper("not looked at in a browser: ") + "install chromium and run `make browser` first: " + err.Error())
	return "", ""
}

type object map[string]any

// browser is a Chromium with one tab, spoken to over pipes: JSON that ends in a NUL, by the Chrome DevTools Protocol.
type browser struct {
	t       *testing.T
	to      *os.File
	from    *bufio.Reader
	session string
	id      int
	events  []message
}

type message struct {
	ID     int
	Method string
	Error  *struct{ Message string }
	Result json.RawMessage
	Params struct {
		Request struct{ URL string }
		Entry   struct{ Text string }
	}
}

func openBrowser(t *testing.T, chromium string) *browser {
	t.Helper()
	theirIn, to, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	from, theirOut, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(chromium, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--disable-dev-shm-usage",
		"--host-resolver-rules=MAP * ~NOTFOUND", "--remote-debugging-pipe", "--user-data-dir="+t.TempDir(), "about:blank")
	cmd.ExtraFiles = []*os.File{theirIn, theirOut} // 3 and 4, where Chromium looks for them
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	theirIn.Close()
	theirOut.Close()
	stuck := time.AfterFunc(5*time.Minute, func() { cmd.Process.Kill() }) // then the pipe ends, and so does the test
	b := &browser{t: t, to: to, from: bufio.NewReader(from)}
	t.Cleanup(func() {
		b.t, b.session = t, ""
		b.call("Browser.close", nil, nil)
		cmd.Wait()
		stuck.Stop()
		to.Close()
		from.Close()
	})
	var tab struct{ TargetID string }
	b.call("Target.createTarget", object{"url": "about:blank"}, &tab)
	var attached struct{ SessionID string }
	b.call("Target.attachToTarget", object{"targetId": tab.TargetID, "flatten": true}, &attached)
	b.session = attached.SessionID
	return b
}

// call asks the browser for something, and keeps the events that come before the answer.
func (b *browser) call(method string, params object, result any) {
	b.t.Helper()
	b.id++
	ask := object{"id": b.id, "method": method}
	if params != nil {
		ask["params"] = params
	}
	if b.session != "" {
		ask["sessionId"] = b.session
	}
	text, err := json.Marshal(ask)
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.to.Write(append(text, 0)); err != nil {
		b.t.Fatal(err)
	}
	for {
		m := b.read()
		switch {
		case m.ID != b.id:
			b.events = append(b.events, m)
			continue
		case m.Error != nil:
			b.t.Fatalf("%s: %s", method, m.Error.Message)
		case result != nil:
			if err := json.Unmarshal(m.Result, result); err != nil {
				b.t.Fatalf("%s: %v", method, err)
			}
		}
		return
	}
}

func (b *browser) read() (m message) {
	b.t.Helper()
	text, err := b.from.ReadBytes(0)
	if err != nil {
		b.t.Fatalf("read from the browser: %v", err)
	}
	if err := json.Unmarshal(bytes.TrimSuffix(text, []byte{0}), &m); err != nil {
		b.t.Fatal(err)
	}
	return m
}

// open goes to a page and waits until it is loaded.
func (b *browser) open(at string) {
	b.t.Helper()
	seen := len(b.events)
	b.call("Page.navigate", object{"url": at}, nil)
	for {
		for ; seen < len(b.events); seen++ {
			if b.events[seen].Method == "Page.loadEventFired" {
				return
			}
		}
		b.events = append(b.events, b.read())
	}
}

// eval runs a script in the page, and waits for what it promises.
func (b *browser) eval(script string, value any) {
	b.t.Helper()
	var said struct {
		Result           struct{ Value json.RawMessage }
		ExceptionDetails *struct{ Exception struct{ Description string } }
	}
	b.call("Runtime.evaluate", object{"expression": script, "awaitPromise": true, "returnByValue": true}, &said)
	if said.ExceptionDetails != nil {
		b.t.Fatalf("script: %s", said.ExceptionDetails.Exception.Description)
	}
	if value != nil {
		if err := json.Unmarshal(said.Result.Value, value); err != nil {
			b.t.Fatal(err)
		}
	}
}

// screenshot takes a picture of the top of the page, in which there must be something to see.
func (b *browser) screenshot(path string, width int) {
	b.t.Helper()
	const height = 4000
	var shot struct{ Data []byte }
	b.call("Page.captureScreenshot", object{"captureBeyondViewport": true, "clip": object{"x": 0, "y": 0, "width": width, "height": height, "scale": 1}}, &shot)
	if err := os.WriteFile(path, shot.Data, 0o644); err != nil {
		b.t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(shot.Data))
	if err != nil {
		b.t.Fatal(err)
	}
	ground, marked := picture.At(1, 1), 0
	for y := range height {
		for x := range width {
			if picture.At(x, y) != ground {
				marked++
			}
		}
	}
	if share := float64(marked) / float64(width*height); share < 0.03 || share > 0.6 {
		b.t.Errorf("%.1f %% of the picture is not ground", 100*share)
	}
}
