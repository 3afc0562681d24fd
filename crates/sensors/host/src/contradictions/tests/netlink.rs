//! Sockets by the kernel's lists and by its answers.

use std::{
    net::{Ipv4Addr, TcpListener, UdpSocket},
    os::unix::net::UnixListener,
};

use super::{super::netlink::*, *};
use crate::root::Failure;

const HEAD: &[u8] = b"  sl  local_address rem_address   st tx_queue rx_queue\n";
const OPEN: &[u8] = b"   0: 00000000:115C 00000000:0000 0A 0:0 00:0 0 0 0 77 1 0 100 0 0 10 0\n";

fn with_sockets(tcp: &[&[u8]]) -> Fixture {
    let fixture = honest();
    write(&fixture.proc.join("net/tcp"), &tcp.concat());
    write(&fixture.proc.join("net/packet"), b"sk RefCnt Type Proto Iface R Rmem User Inode\n");
    fixture
}

/// The kernel tells of one socket of TCP, and of one that no process holds any more.
fn told_of(inode: u32) -> impl Fn(Question) -> Result<Option<Vec<Answered>>, Failure> {
    move |question| {
        let local = Some((Ipv4Addr::UNSPECIFIED.into(), 4444));
        let sockets = vec![Answered { inode, local }, Answered { inode: 0, local }];
        Ok(Some(if question.family == 2 && question.protocol == 6 { sockets } else { vec![] }))
    }
}

fn seen_of(fixture: &Fixture, ask: &Ask<'_>) -> Observed<Contradiction> {
    let machine = fixture.machine();
    let kernel = machine.kernel(TABLE).unwrap();
    let mut seen = Observed::default();
    look(kernel, &Handlers::of(&machine, kernel), ask, &mut seen);
    seen
}

#[test]
fn sockets_that_are_told_and_listed_are_no_contradiction() {
    let fixture = with_sockets(&[HEAD, OPEN]);
    assert_eq!(seen_of(&fixture, &told_of(77)), Observed::default());
}

#[test]
fn a_socket_that_is_told_and_not_listed_is_found_with_its_holder() {
    let fixture = with_sockets(&[HEAD]);
    fs::create_dir_all(fixture.proc.join("20/fd")).unwrap();
    symlink("socket:[77]", fixture.proc.join("20/fd/3")).unwrap();
    let seen = seen_of(&fixture, &told_of(77));
    let subject = "tcp 0.0.0.0 port 4444";
    assert_eq!(told(&seen), [("port", subject, "netlink(sock_diag)", "certain")]);
    assert_eq!((&*seen.rows[0].not_seen_by, seen.rows[0].pid), ("/proc/net/tcp", Some(20)));
}

#[test]
fn a_socket_that_is_listed_and_not_told_is_found() {
    let packet = b"ffff 3 3 0003 2 1 0 0 9000\n";
    let fixture = with_sockets(&[HEAD, OPEN]);
    let heading = b"sk RefCnt Type Proto Iface R Rmem User Inode\n".as_slice();
    write(&fixture.proc.join("net/packet"), &[heading, packet].concat());
    let seen = seen_of(&fixture, &told_of(0));
    assert_eq!(
        told(&seen),
        [
            ("port", "tcp 0.0.0.0 port 4444", "/proc/net/tcp", "certain"),
            ("port", "packet socket 9000", "/proc/net/packet", "certain"),
        ]
    );
}

#[test]
fn a_socket_that_begins_or_ends_meanwhile_is_none() {
    for shown in 1..=6 {
        let fixture = with_sockets(&[HEAD]);
        let left = Cell::new(shown);
        let brief = |question: Question| {
            let tcp = question.family == 2 && question.protocol == 6;
            left.set(left.get() - i32::from(tcp && left.get() > 0));
            told_of(if left.get() > 0 { 77 } else { 0 })(question)
        };
        assert_eq!(seen_of(&fixture, &brief), Observed::default(), "{shown}");
    }
}

#[test]
fn what_would_load_a_module_is_not_asked() {
    let fixture = with_sockets(&[HEAD]);
    write(&fixture.proc.join("modules"), b"tcp_diag 9 0 - Live 0x0\n");
    write(&fixture.proc.join("sys/kernel/osrelease"), b"6.1.0-x\n");
    fs::create_dir_all(fixture.sys.join("module/tcp_diag")).unwrap();
    let built_in = b"kernel/net/unix/unix_diag.ko\nkernel/net/sctp/sctp_diag.ko\n";
    write(&fixture.root.join("lib/modules/6.1.0-x/modules.builtin"), built_in);
    let asked = Cell::new(Vec::new());
    let ask = |question: Question| {
        let mut all = asked.take();
        all.push((question.family, question.protocol));
        asked.set(all);
        Ok(None)
    };
    let seen = seen_of(&fixture, &ask);
    assert_eq!(asked.take(), [(2, 6), (10, 6), (1, 0)]);
    assert_eq!((seen.rows.len(), seen.problems.len()), (0, 1));
    assert_eq!(seen.problems[0].columns, ["seen_by"]);
    let detail = "not asked, for that would load modules: udp_diag, raw_diag, packet_diag";
    assert_eq!(seen.problems[0].detail, detail);
    // Where none can be loaded any more, a question changes nothing.
    write(&fixture.proc.join("sys/kernel/modules_disabled"), b"1\n");
    assert_eq!(seen_of(&fixture, &|_| Ok(None)), Observed::default());
}

#[test]
fn a_refusal_is_a_problem() {
    let fixture = with_sockets(&[HEAD]);
    let seen = seen_of(&fixture, &|_| Err(rustix::io::Errno::PERM.into()));
    assert_eq!(seen.problems.len(), 10);
    assert!(seen.problems.iter().all(|problem| problem.reason == Reason::Denied));
}

#[test]
fn this_kernel_tells_of_the_sockets_of_this_test() {
    let tcp = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let held = TcpListener::bind(tcp).unwrap();
    let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let _local = UnixListener::bind(folder.path().join("s")).unwrap();
    for (protocol, here) in [(6, held.local_addr().unwrap()), (17, udp.local_addr().unwrap())] {
        let question = Question { family: 2, protocol, length: 56 };
        // A kernel without this way answers with none.
        let Ok(Some(sockets)) = ask(question) else { continue };
        let local = Some((here.ip(), here.port()));
        assert!(sockets.iter().any(|socket| socket.local == local && socket.inode != 0));
    }
}
