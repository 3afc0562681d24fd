use std::fs;

use leaksweep_facts::{Observed, tables::host::Autostart};

use super::{super::collect as autostarts, *};
use crate::fixture::{mounted, write};

fn observed(files: &[(&str, &str)]) -> Observed<Autostart> {
    let folder = tempfile::tempdir().unwrap();
    for (path, content) in files {
        write(&folder.path().join(path), content.as_bytes());
    }
    let home = folder.path().join("home/ann");
    fs::create_dir_all(&home).unwrap();
    let uid = std::os::unix::fs::MetadataExt::uid(&fs::metadata(&home).unwrap());
    let home = Home { user: "ann".into(), uid, path: "/home/ann".into() };
    autostarts(&mounted(folder.path()), &[home])
}

fn found(lines: Lines<Command>) -> Vec<String> {
    let shown = |found: Command| {
        let event = found.event.unwrap_or_else(|| "-".into());
        format!("{}|{event}|{}|{}", found.line, found.starts, found.text)
    };
    lines.found.into_iter().map(shown).collect()
}

#[test]
fn of_vims_script_the_commands_count_that_it_runs() {
    let text = b"\" !no\nset nocompatible\nautocmd VimEnter * silent! !/usr/bin/true &\nau BufWritePost *.tex :call system('make ' . x)\n\
        nnoremap <F5> :!python %<CR>\nlet os = system(\"uname -s\")\nfunction! Up()\n  call system('up')\nendfunction\n\
        silent !curl -o x y\nif !exists('x') | set nu! | endif\ncommand! -nargs=0 Push !git push\n!/opt/x\ncall job_start(['/opt/j', '-x'])\n\
        if a != b\nendif\nautocmd! BufRead *\nexecute '!/opt/e'\n";
    let expected = [
        "3|VimEnter|true|/usr/bin/true &",
        "4|BufWritePost|true|make ",
        "6|-|true|uname -s",
        "8|-|false|up",
        "10|-|true|curl -o x y",
        "13|-|true|/opt/x",
        "14|-|true|/opt/j",
        "18|-|true|/opt/e",
    ];
    assert_eq!(found(parse_vim(text)), expected);
}

#[test]
fn lua_and_lisp_run_commands_too() {
    let lua = b"-- os.execute('no')\nos.execute(\"/opt/l &\")\nvim.cmd('silent !/opt/m')\nvim.fn.system({'git', 'clone'})\n\
        vim.keymap.set('n', 'x', function() os.execute('k') end)\nvim.cmd [[ set nu ]]\n";
    let expected = ["2|-|true|/opt/l &", "3|-|true|/opt/m", "4|-|true|git", "5|-|false|k"];
    assert_eq!(found(parse_lua(lua)), expected);
    let lisp = b"; (shell-command \"no\")\n(shell-command \"/opt/e &\")\n(defun up ()\n  (call-process \"up\" nil))\n\
        (start-process \"name\" nil \"/opt/s\" \"-x\")\n(setq x (shell-command-to-string \"uname\"))\n";
    let expected =
        ["2|-|true|/opt/e &", "4|-|false|up", "5|-|true|name nil /opt/s -x", "6|-|true|uname"];
    assert_eq!(found(parse_emacs(lisp)), expected);
}

#[test]
fn text_of_any_kind_neither_panics_nor_goes_on() {
    let names = "名!".repeat(50_000);
    for text in [
        &b"system('"[..],
        b"!",
        b"au !",
        b"vim.cmd(",
        b"(shell-command ",
        b"\xff!\xfe\0",
        names.as_bytes(),
    ] {
        let _ = (parse_vim(text), parse_lua(text), parse_emacs(text), parse_tasks(text));
    }
    assert!(parse_vim(&b"!x\n".repeat(100_000)).more);
}

#[test]
fn tasks_count_that_run_when_a_folder_is_opened() {
    let text = b"{ // c\n \"version\": \"2.0.0\",\n \"tasks\": [\n  { \"label\": \"build\", \"command\": \"make\" },\n  { \"label\": \"up\",\n\
        \"command\": \"/usr/bin/true\",\n   \"args\": [\"-x\", \"--token=t\"],\n   \"runOptions\": { \"runOn\": \"folderOpen\" } },\n ] }\n";
    let tasks = parse_tasks(text);
    assert_eq!(tasks.len(), 1);
    let (name, command) = &tasks[0];
    assert_eq!((&**name, command.line, &*command.text), ("up", 6, "/usr/bin/true -x --token=t"));
    let seen =
        observed(&[("home/ann/src/site/.vscode/tasks.json", std::str::from_utf8(text).unwrap())]);
    let row = &seen.rows[0];
    let cells = (&*row.way, &*row.name, row.line, row.schedule.as_deref(), &*row.command);
    assert_eq!(
        cells,
        ("editor", "up", Some(6), Some("on folderOpen"), "/usr/bin/true -x --token=***")
    );
    assert_eq!((row.user.as_deref(), seen.rows.len()), (Some("ann"), 1));
}

#[test]
fn start_up_files_of_the_system_and_of_homes_are_read() {
    let seen = observed(&[
        ("etc/vim/vimrc.local", "!/opt/v\n"),
        ("home/ann/.vimrc", "autocmd VimEnter * silent !/opt/w\n"),
        ("home/ann/.config/nvim/plugin/x.lua", "os.execute('/opt/n')\n"),
        ("home/ann/.emacs.d/init.el", "(shell-command \"/opt/e\")\n"),
        ("etc/emacs/site-start.d/50x.el", "(shell-command \"/opt/s\")\n"),
    ]);
    let cells = |row: &Autostart| {
        let user = row.user.clone().unwrap_or_else(|| "-".into());
        format!("{user} {} {}", row.path, row.command)
    };
    let expected = [
        "- /etc/vim/vimrc.local /opt/v",
        "- /etc/emacs/site-start.d/50x.el /opt/s",
        "ann /home/ann/.vimrc /opt/w",
        "ann /home/ann/.emacs.d/init.el /opt/e",
        "ann /home/ann/.config/nvim/plugin/x.lua /opt/n",
    ];
    assert_eq!(seen.rows.iter().map(cells).collect::<Vec<_>>(), expected);
    assert!(seen.rows.iter().all(|row| row.way == "editor" && row.event == "command"));
}
