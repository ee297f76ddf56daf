namespace ImageApi.Client.Tests.Faults;

/// <summary>Runs one cell of the fault matrix: a call against a server that always, or at first, does the same wrong thing.</summary>
public abstract class FaultMatrix : IDisposable
{
    private static readonly byte[] ExistingContent = [1, 2, 3];
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("imageapi-");

    private protected string Folder => _directory.FullName;

    private protected string Target => Path.Combine(_directory.FullName, "fox.png");

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) => _directory.Delete(recursive: true);

    /// <summary>The fault comes every time: the call must fail in the right way, after the right number of tries.</summary>
    private protected async Task<ImageApiException> FailAsync(Endpoint endpoint, Exchange fault, Failure expected, Action<ImageApiClientOptions>? configure = null, int bodyBytes = 0)
    {
        await using var server = ScriptedServer.Start(fault);
        using var client = TestClients.Create(server.BaseAddress, configure);
        var error = await FailAsync(client, endpoint, server, expected, bodyBytes);
        if (endpoint == Endpoint.Download)
        {
            await AssertExistingFileIsUnchangedAsync(client, server);
        }

        return error;
    }

    private protected async Task<ImageApiException> FailAsync(ImageApiClient client, Endpoint endpoint, ScriptedServer server, Failure expected, int bodyBytes = 0)
    {
        var error = await FailAsync(client, endpoint, server.BaseAddress, expected, bodyBytes);
        var requests = server.Requests;
        if (expected.MayBeResentByHandler && !endpoint.IsPost())
        {
            Assert.InRange(server.Connections, expected.RequestCount, 4 * expected.RequestCount);
        }
        else
        {
            Assert.Equal(expected.RequestCount, requests.Count);
        }

        if (endpoint.IsPaid())
        {
            Assert.All(requests, request => Assert.Equal(error.Info.IdempotencyKey, request.Header("Idempotency-Key")));
            Assert.Single(requests.Select(request => Convert.ToBase64String(request.Body)).Distinct());
        }

        return error;
    }

    /// <summary>As above, without a server to count at.</summary>
    private protected async Task<ImageApiException> FailAsync(ImageApiClient client, Endpoint endpoint, Uri address, Failure expected, int bodyBytes = 0)
    {
        var error = await FailureAssert.ThrowsAsync(
            expected.Reason, () => client.CallAsync(endpoint, address, Target, bodyBytes).WaitAsync(TestTimeout.Duration));
        AssertError(endpoint, expected, error);
        return error;
    }

    private protected void AssertError(Endpoint endpoint, Failure expected, ImageApiException error)
    {
        Assert.Equal(expected.Outcome, error.Outcome);
        Assert.Equal(expected.Status, (int?)error.StatusCode);
        Assert.True((endpoint == Endpoint.Wait ? 1 : expected.RequestCount) == error.Info.Attempts, error.ToString());
        Assert.Equal(endpoint.IsPaid(), error.Info.IdempotencyKey is not null);
        // an id that has come is not lost with the rest of a paid answer
        var hasJobId = endpoint is Endpoint.Get or Endpoint.Wait || (endpoint.IsPaid() && error.ResponseExcerpt?.Contains($"\"id\":\"{EndpointCalls.JobId}\"", StringComparison.Ordinal) == true);
        Assert.Equal(hasJobId ? EndpointCalls.JobId : null, error.JobId);
        Assert.DoesNotContain(TestClients.ApiKey, error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_directory.EnumerateFileSystemInfos());
    }

    /// <summary>The fault comes once, and then the server is well: the call must succeed.</summary>
    private protected async Task RecoverAsync(Endpoint endpoint, Exchange fault, Action<ImageApiClientOptions>? configure = null)
    {
        await using var server = ScriptedServer.Start(fault, ScriptedResponse.Success(endpoint));
        using var client = TestClients.Create(server.BaseAddress, configure);
        await SucceedAsync(client, endpoint, server.BaseAddress);

        Assert.Equal(2, Math.Max(server.Requests.Count, server.Connections));
    }

    private protected async Task<object> SucceedAsync(ImageApiClient client, Endpoint endpoint, Uri address, int bodyBytes = 0)
    {
        var response = await client.CallAsync(endpoint, address, Target, bodyBytes).WaitAsync(TestTimeout.Duration);
        switch (response)
        {
            case ImageResult result:
                Assert.Equal("https://example.com/output.png", Assert.Single(result.Images).Url);
                break;
            case Job job:
                Assert.Equal(EndpointCalls.JobId, job.Id);
                Assert.Equal("https://example.com/output.png", Assert.Single(job.Output.Images).Url);
                break;
            case UploadedFile file:
                Assert.Equal("https://example.com/demo.png", file.Url);
                break;
            default:
                Assert.Equal(ScriptedResponse.Png, await File.ReadAllBytesAsync(Target));
                Assert.Single(_directory.EnumerateFileSystemInfos());
                break;
        }

        return response;
    }

    private async Task AssertExistingFileIsUnchangedAsync(ImageApiClient client, ScriptedServer server)
    {
        await File.WriteAllBytesAsync(Target, ExistingContent);
        await Assert.ThrowsAnyAsync<ImageApiException>(() => client.CallAsync(Endpoint.Download, server.BaseAddress, Target).WaitAsync(TestTimeout.Duration));
        Assert.Equal(ExistingContent, await File.ReadAllBytesAsync(Target));
        Assert.Single(_directory.EnumerateFileSystemInfos());
        File.Delete(Target);
    }

    /// <summary>How a call must fail.</summary>
    /// <param name="RequestCount">How many requests are on the wire.</param>
    /// <param name="Reason">The reason of the exception.</param>
    /// <param name="Outcome">What is known about the purchase.</param>
    /// <param name="Status">The status; null without an answer.</param>
    private protected sealed record Failure(int RequestCount, ImageApiFailureReason Reason, RequestOutcome Outcome, int? Status = null)
    {
        /// <summary>Gets a value indicating whether the platform's handler itself may send a GET again within one try, as it does on a broken connection.</summary>
        public bool MayBeResentByHandler { get; init; }
    }
}
