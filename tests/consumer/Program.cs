using Isolation;

int code = new ContainerBuilder().WithNetNs().WithCommand("/usr/sbin/ip", "-o", "link").Run().ExitCode;
return code;
