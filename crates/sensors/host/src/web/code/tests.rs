use super::{
    super::languages::{ASP, JSP, NODE, PERL, PHP, PYTHON, SHELL},
    *,
};

fn traits(language: &Language, text: &str) -> String {
    look(text, language).traits.join(" ")
}

#[test]
fn what_runs_the_words_of_a_visitor_is_seen_in_each_language() {
    let cases: [(&Language, &str); 32] = [
        (&PHP, "<?php @eval($_POST['pass']);?>"),
        (&PHP, "<?php\nsystem($_GET[\"cmd\"]);"),
        (&PHP, "<?=`$_GET[0]`?>"),
        (&PHP, "<?php EvAl/* x */ ( $_REQUEST[1] );"),
        (&PHP, "<?php $c = $_COOKIE['c']; $out = shell_exec($c . ' 2>&1');"),
        (&PHP, "<?php $a = base64_decode($_SERVER['HTTP_X_CMD']);\nassert($a);"),
        (&PHP, "<?php $_GET['f']($_GET['x']);"),
        (&PHP, "<?php include $_GET['page'] . '.php';"),
        (&PHP, "<?php require_once($_REQUEST['m']);"),
        (&PHP, "<?php include(\"php://input\");"),
        (&PHP, "<?php preg_replace('/.*/e', $_POST['x'], '');"),
        (&PHP, "<?php array_map('assert', $_POST);"),
        (&PHP, "<?php array_filter($_POST, 'system');"),
        (&PHP, "<?php call_user_func($_GET['f'], $_GET['a']);"),
        (&PHP, "<?php $f = create_function('', $_POST['b']); $f();"),
        (&PHP, "<?php eval(file_get_contents('php://input'));"),
        (&PHP, "<?php $p = popen($_POST['c'], 'r');"),
        (&PHP, "text\n<? passthru ($_GET['c']) ?>"),
        (&JSP, "<% Runtime.getRuntime().exec(request.getParameter(\"c\")); %>"),
        (
            &JSP,
            "<% String c = request.getParameter(\"c\");\nProcess p = Runtime.getRuntime().exec(c); %>",
        ),
        (&ASP, "<% eval request(\"x\") %>"),
        (&ASP, "<%execute(request(\"c\"))%>"),
        (&ASP, "<%@ Page Language=\"Jscript\"%><%eval(Request.Item[\"p\"],\"unsafe\");%>"),
        (&PYTHON, "form = cgi.FieldStorage()\nc = form.getvalue('c')\nos.system(c)"),
        (&PYTHON, "print(subprocess.check_output(request.args['c'], shell=True))"),
        (&PERL, "use CGI; my $c = param('c');\nsystem($c);"),
        (&PERL, "print `$ENV{QUERY_STRING}`;\nsystem $ENV{'QUERY_STRING'};"),
        (&SHELL, "#!/bin/sh\neval \"$QUERY_STRING\""),
        (&SHELL, "bash -c \"$HTTP_X_CMD\""),
        (&NODE, "app.get('/', (req, res) => { exec(req.query.c); });"),
        (&NODE, "const c = req.body.c;\nchild.execSync(c);\nexecSync(c);"),
        (&PHP, "<?php if (isset($_POST['x'])) { $x = $_POST['x']; proc_open($x, $d, $p); }"),
    ];
    for (language, text) in cases {
        assert!(traits(language, text).contains("runs-request"), "{text}");
    }
}

#[test]
fn what_only_looks_alike_is_not() {
    let cases: [(&Language, &str); 20] = [
        (&PHP, "<?php $u = $_GET['u']; $q = 'UPDATE a SET ' . $u . '(`b`, `c`)';"),
        (&PHP, "<?php // eval($_POST['x']);\n/* system($_GET[1]); */"),
        (&PHP, "<p>system($_GET['cmd'])</p>"),
        (&PHP, "<?php $db->exec($_POST['x']); Foo::eval($_GET['a']);"),
        (&PHP, "<?php curl_exec($_GET['a']); function system($_GET) {}"),
        (&PHP, "<?php exec('ls ' . escapeshellarg($_GET['d']));"),
        (&PHP, "<?php $n = intval($_GET['n']); exec(\"head -n $n x\");"),
        (&PHP, "<?php $ok = isset($_GET['x']); exec($ok);"),
        (&PHP, "<?php if ($a == $_GET['x']) { exec($a); }"),
        (&PHP, "<?php\nfunction a() { $x = $_GET['x']; }\nfunction b($x) { exec($x); }"),
        (&PHP, "<?php include __DIR__ . '/x.php'; $p = $_GET['p'];"),
        (&PHP, "<?php preg_replace('/e/', $_POST['x'], 'y');"),
        (&PHP, "<?php array_map('trim', $_POST); usort($a, 'cmp'); array_filter($_POST['d']);"),
        (&PHP, "<?php $q = \"SELECT `a` FROM `b`\"; $x = $_GET['x'];"),
        (&PHP, "<?php # system($_GET['x'])\n$url = 'http://x'; system('date');"),
        (&PYTHON, "# os.system(form.getvalue('x'))\nretrieval(form.getvalue('x'))"),
        (&NODE, "const m = /x/.exec(value); const q = req.query.q;"),
        (&JSP, "<% String c = request.getParameter(\"c\"); out.print(c); %>"),
        (&PERL, "# system(param('c'))\nmy $c = param('c'); print $c;"),
        (&SHELL, "echo \"$QUERY_STRING\""),
    ];
    for (language, text) in cases {
        assert!(!traits(language, text).contains("runs-request"), "{text}");
    }
}

#[test]
fn other_traits_and_the_line_of_the_first_are_told() {
    let cases = [
        ("<?php\n\neval(gzinflate(base64_decode('x')));", "decodes", Some(3)),
        ("<?php\nsystem('uptime');", "runs-command", Some(2)),
        ("<?php move_uploaded_file($_FILES['f']['tmp_name'], 'x');", "uploads", Some(1)),
        ("<?php echo base64_decode('x');", "", None),
        ("", "", None),
    ];
    for (text, expected, line) in cases {
        let seen = look(text, &PHP);
        assert_eq!((seen.traits.join(" "), seen.line), (expected.into(), line), "{text}");
    }
    let hidden = format!("<?php $x = '{}'; eval($x);eval(base64_decode($x));", "Qx9z".repeat(900));
    assert_eq!(traits(&PHP, &hidden), "decodes obfuscated");
}

#[test]
fn hostile_text_ends() {
    for text in
        ["<?", "<?php '", "<?php eval(", "<?php `", "<?php /*", "<?php eval((((((", "<?php \\"]
    {
        drop(look(text, &PHP));
    }
    let many = format!("<?php {}", "$a=$_GET[1];system(".repeat(20_000));
    let started = std::time::Instant::now();
    assert!(traits(&PHP, &many).contains("runs-request"));
    assert!(started.elapsed().as_secs() < 20);
    drop(look(&format!("<?php {}", "名$_GET`".repeat(9_000)), &PHP));
}
