// Loaded into every service that scripts/start runs. A service leads a process group of its own, so that Ctrl-C reaches
// only the supervisor and services stop in order; should the supervisor be killed, the closed channel stops them too.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
