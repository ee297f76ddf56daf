using System.Net;
using ImageApi.Client;
using ImageApi.Client.FrameworkSmoke;

// Does what applications on .NET Framework do with the library, which there is its netstandard2.0 build, and what goes wrong on the way: nothing is bought twice.
// An application that makes its handlers itself has to lift the limit of two connections, as the library does for its own.
ServicePointManager.DefaultConnectionLimit = 100;

// Mono's HttpWebRequest sends a body without waiting to be asked for it: a refusal that comes before is lost with the connection, and the call stays unknown.
var waitsForContinue = Type.GetType("Mono.Runtime") is null;
var emulator = new ImageApiClientOptions
{
    BaseAddress = new Uri(Environment.GetEnvironmentVariable("IMAGEAPI_BASE_ADDRESS") ?? throw new InvalidOperationException("IMAGEAPI_BASE_ADDRESS is not set.")),
    ApiKey = Environment.GetEnvironmentVariable("IMAGEAPI_API_KEY"),
};
var directory = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
Directory.CreateDirectory(directory);
try
{
    var check = new Check();
    foreach (var (variant, createClient, platformHandlers) in new (string, Func<ImageApiClientOptions, HandlerBehaviors, ClientUnderTest>, HandlerBehaviors)[]
    {
        ("by hand", ClientUnderTest.Create, HandlerBehaviors.None),
        ("container", ClientUnderTest.CreateFromContainer, HandlerBehaviors.None),
        ("by hand over HttpWebRequest", ClientUnderTest.Create, HandlerBehaviors.WebRequest),
        ("container over HttpWebRequest", ClientUnderTest.CreateFromContainer, HandlerBehaviors.WebRequest),
    })
    {
        using var testClient = createClient(emulator, platformHandlers);
        await new EndToEndChecks(testClient.Client, directory).RunAsync(check, variant);
        await new FaultChecks((address, handlers) => createClient(ShortTimeoutOptions(address), handlers | platformHandlers), directory, waitsForContinue || platformHandlers != HandlerBehaviors.WebRequest).RunAsync(check, variant);
    }

    Console.WriteLine(check.Failures == 0 ? "all checks passed" : $"{check.Failures} checks failed");
    return check.Failures == 0 ? 0 : 1;
}
finally
{
    Directory.Delete(directory, recursive: true);
}

static ImageApiClientOptions ShortTimeoutOptions(Uri address) => new()
{
    BaseAddress = address,
    ApiKey = "smoke-key-0123456789abcdef",
    Retry = { BaseDelay = TimeSpan.FromMilliseconds(1), MaxDelay = TimeSpan.FromMilliseconds(5) },
    Timeouts = { Idle = TimeSpan.FromSeconds(2) },
};
