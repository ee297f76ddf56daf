using System.Text;

namespace ImageApi.Client.Tests.Support;

/// <summary>The exchanges that most scripts are made of. All but <see cref="ResetImmediately"/> read the whole request first.</summary>
internal static class ScriptedResponse
{
    public const string ImageResponseJson = """{"created":1710000000,"data":[{"url":"https://example.com/output.png"}]}""";

    public const string JobResponseJson =
        """{"id":"job_example","object":"job","status":"succeeded","model":"gpt-image-2","output":{"images":[{"url":"https://example.com/output.png"}]}}""";

    public const string FileResponseJson = """{"id":"file_example","url":"https://example.com/demo.png"}""";

    /// <summary>The smallest picture there is.</summary>
    public static readonly byte[] Png = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    /// <summary>The connection is torn down before anything is read.</summary>
    public static Exchange ResetImmediately { get; } = connection =>
    {
        connection.Reset();
        return Task.CompletedTask;
    };

    public static Exchange Reset { get; } = async connection =>
    {
        await connection.ReadRequestAsync();
        connection.Reset();
    };

    public static Exchange Close { get; } = async connection =>
    {
        await connection.ReadRequestAsync();
        connection.Close();
    };

    public static Exchange Stall { get; } = async connection =>
    {
        await connection.ReadRequestAsync();
        await connection.StallAsync();
    };

    /// <summary>What a server that is well answers.</summary>
    public static Exchange Success(Endpoint endpoint) => With(200, SuccessBody(endpoint), SuccessContentType(endpoint));

    public static byte[] SuccessBody(Endpoint endpoint) => endpoint switch
    {
        Endpoint.Generate => Encoding.UTF8.GetBytes(ImageResponseJson),
        Endpoint.Submit or Endpoint.Get or Endpoint.Wait => Encoding.UTF8.GetBytes(JobResponseJson),
        Endpoint.Upload => Encoding.UTF8.GetBytes(FileResponseJson),
        _ => Png,
    };

    public static string SuccessContentType(Endpoint endpoint) => endpoint == Endpoint.Download ? "image/png" : "application/json";

    public static Exchange With(int status, string json, params string[] headers) => With(status, Encoding.UTF8.GetBytes(json), "application/json", headers);

    public static Exchange With(int status, byte[] body, string type, params string[] headers) => async connection =>
    {
        await connection.ReadRequestAsync();
        await connection.SendAsync(Head(status, [$"Content-Type: {type}", $"Content-Length: {body.Length}", .. headers]));
        await connection.SendAsync(body);
    };

    /// <summary>An answer that depends on the request, and may wait for something.</summary>
    public static Exchange FromRequest(Func<RecordedRequest, Task<(int Status, string Json)>> respond) => async connection =>
    {
        var (status, json) = await respond(await connection.ReadRequestAsync());
        var body = Encoding.UTF8.GetBytes(json);
        await connection.SendAsync(Head(status, "Content-Type: application/json", $"Content-Length: {body.Length}"));
        await connection.SendAsync(body);
    };

    /// <summary>Exactly these bytes, and the end of the connection.</summary>
    public static Exchange Raw(string bytes) => Raw(Encoding.Latin1.GetBytes(bytes));

    /// <inheritdoc cref="Raw(string)"/>
    public static Exchange Raw(byte[] bytes) => async connection =>
    {
        await connection.ReadRequestAsync();
        await connection.SendAsync(bytes);
        connection.Close();
    };

    /// <summary>Exactly these bytes, and then silence.</summary>
    public static Exchange RawThenStall(byte[] bytes) => async connection =>
    {
        await connection.ReadRequestAsync();
        await connection.SendAsync(bytes);
        await connection.StallAsync();
    };

    public static string Head(int status, params string[] headers) => $"HTTP/1.1 {status} Status\r\n{string.Concat(headers.Select(static header => header + "\r\n"))}\r\n";

    /// <summary>A head with these headers and a body behind it, whether they fit or not.</summary>
    public static byte[] Message(byte[] body, params string[] headers) => [.. Encoding.ASCII.GetBytes(Head(200, headers)), .. body];
}
