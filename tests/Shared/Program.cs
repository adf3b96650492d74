// The entry point of every test project: the tests, or one method for FreshProcess.

if (FreshProcess.TryRunMethod(args, out int code))
    return code;
return await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, static (_, _) => { });
