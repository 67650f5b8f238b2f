//! The program: everything it does begins at its command line.

fn main() -> std::process::ExitCode {
    mingzhang::cli::main()
}
