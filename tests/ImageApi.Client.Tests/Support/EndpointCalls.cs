namespace ImageApi.Client.Tests.Support;

/// <summary>Makes each call of the fault matrix through the public API.</summary>
internal static class EndpointCalls
{
    public const string JobId = "job_example";
    public const string Prompt = "a red fox in the snow";

    public static bool IsPaid(this Endpoint endpoint) => endpoint is Endpoint.Generate or Endpoint.Submit;

    public static bool IsPost(this Endpoint endpoint) => endpoint is Endpoint.Generate or Endpoint.Submit or Endpoint.Upload;

    /// <summary>Calls an endpoint.</summary>
    /// <param name="client">The client.</param>
    /// <param name="endpoint">The call.</param>
    /// <param name="serverAddress">The link of a download.</param>
    /// <param name="target">Where a download goes.</param>
    /// <param name="bodyBytes">How large a request's body is at least.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public static async Task<object> CallAsync(
        this ImageApiClient client, Endpoint endpoint, Uri serverAddress, string? target = null, int bodyBytes = 0, CancellationToken cancellationToken = default) => endpoint switch
    {
        Endpoint.Generate => await client.Images.GenerateAsync(
            new ImageRequest { Prompt = Prompt, ReferenceImages = References(bodyBytes) }, cancellationToken: cancellationToken).ConfigureAwait(false),
        Endpoint.Submit => await client.Jobs.SubmitAsync(
            new JobRequest { Input = new ImageJobInput { Prompt = Prompt, ReferenceImages = References(bodyBytes) } }, cancellationToken: cancellationToken).ConfigureAwait(false),
        Endpoint.Get => await client.Jobs.GetAsync(JobId, cancellationToken: cancellationToken).ConfigureAwait(false),
        Endpoint.Wait => await client.Jobs.WaitAsync(JobId, ShortIntervals(), cancellationToken).ConfigureAwait(false),
        Endpoint.Upload => await client.Files.UploadAsync(
            FileUpload.FromBytes(bodyBytes > 0 ? new byte[bodyBytes] : ScriptedResponse.Png, "demo.png"), cancellationToken: cancellationToken).ConfigureAwait(false),
        _ => await client.Media.SaveAsync(
            new GeneratedMedia { Kind = MediaKind.Image, Url = new Uri(serverAddress, "out/fox.png").AbsoluteUri }, target!, new SaveOptions { Overwrite = true }, cancellationToken).ConfigureAwait(false),
    };

    public static JobWaitOptions ShortIntervals() => new()
    {
        FirstInterval = TimeSpan.FromMilliseconds(1),
        MaxInterval = TimeSpan.FromMilliseconds(2),
        Timeout = TimeSpan.FromDays(1),
    };

    private static ReferenceImage[] References(int bytes) => bytes == 0 ? [] : [ReferenceImage.FromBytes(new byte[bytes], "image/png")];
}
