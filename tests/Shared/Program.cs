// The entry point of every test project: the tests, or one method for FreshProcess.
using Isolation.TestKit;

if (FreshProcess.TryRunMethod(args, out int code))
    return code;
return await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, static (_, _) => { });
