using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace ImageApi.Emulator.Tests.Support;

/// <summary>Asks an emulator as any HTTP client would.</summary>
internal sealed class Caller : IAsyncDisposable
{
    private readonly HttpClient _http;

    private Caller(ImageApiEmulator emulator)
    {
        Emulator = emulator;
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = emulator.BaseAddress, Timeout = TimeSpan.FromSeconds(20) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", emulator.ApiKey);
    }

    public ImageApiEmulator Emulator { get; }

    public HttpClient Http => _http;

    /// <summary>Starts an emulator whose jobs are done at the first query.</summary>
    public static async Task<Caller> StartAsync(EmulatorOptions? options = null)
        => new(await ImageApiEmulator.StartAsync(options ?? new EmulatorOptions { JobDuration = TimeSpan.Zero, JobPolls = 1 }));

    public static EmulatorOptions Quick(Action<EmulatorOptions>? change = null)
    {
        var options = new EmulatorOptions { JobDuration = TimeSpan.Zero, JobPolls = 1 };
        change?.Invoke(options);
        return options;
    }

    public Task<HttpResponseMessage> PostAsync(string path, string json)
        => _http.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"));

    public Task<HttpResponseMessage> GenerateAsync(string prompt, string more = "")
        => PostAsync("v1/images/generations", $$"""{"model":"gpt-image-2","prompt":"{{prompt}}"{{more}}}""");

    public Task<HttpResponseMessage> SubmitAsync(string prompt, string more = "", string model = "gpt-image-2")
        => PostAsync("v1/jobs", $$$"""{"model":"{{{model}}}","input":{"prompt":"{{{prompt}}}"{{{more}}}}}""");

    public async Task<JsonElement> GenerateJsonAsync(string prompt, string more = "") => await JsonAsync(await GenerateAsync(prompt, more));

    public async Task<JsonElement> SubmitJsonAsync(string prompt, string more = "", string model = "gpt-image-2")
        => await JsonAsync(await SubmitAsync(prompt, more, model));

    public async Task<JsonElement> QueryAsync(string id) => await JsonAsync(await _http.GetAsync($"v1/jobs/{id}"));

    /// <summary>Generates one picture and downloads it.</summary>
    public async Task<byte[]> DrawAsync(string prompt, string more = "")
        => await _http.GetByteArrayAsync(LinkOf(await GenerateJsonAsync(prompt, more)));

    public Task<HttpResponseMessage> UploadAsync(byte[] bytes, string name = "demo.png", string? kind = "image", string? purpose = "reference")
    {
        var form = new MultipartFormDataContent();
        if (kind is not null)
        {
            form.Add(new StringContent(kind), "kind");
        }

        if (purpose is not null)
        {
            form.Add(new StringContent(purpose), "purpose");
        }

        form.Add(new ByteArrayContent(bytes), "file", name);
        return _http.PostAsync("v1/files/upload", form);
    }

    public static string LinkOf(JsonElement answer, int index = 0) => answer.GetProperty("data")[index].GetProperty("url").GetString()!;

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage response)
    {
        using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        return document.RootElement.Clone();
    }

    public static async Task<JsonElement> ErrorAsync(HttpResponseMessage response) => (await JsonAsync(response)).GetProperty("error");

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Emulator.DisposeAsync();
    }
}
