using ImageApi.Emulator;

namespace ImageApi.Client.Tests;

/// <summary>Whole journeys against the emulator, with the public API only.</summary>
public sealed class EndToEndTests : IAsyncLifetime, IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("imageapi-").FullName;
    private ImageApiEmulator _emulator = null!;
    private ImageApiClient _client = null!;

    public async Task InitializeAsync()
    {
        _emulator = await ImageApiEmulator.StartAsync(new EmulatorOptions { JobDuration = TimeSpan.Zero, DrawTinyImages = true });
        _client = TestClients.Create(_emulator);
    }

    public async Task DisposeAsync() => await _emulator.DisposeAsync();

    public void Dispose()
    {
        _client.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Generated_image_is_saved()
    {
        var result = await _client.Images.GenerateAsync(new ImageRequest { Prompt = "a red fox in the snow" });
        var saved = await _client.Media.SaveAsync(result.Images[0], _directory);

        Assert.Equal("image/png", saved.MimeType);
        Assert.Equal(".png", Path.GetExtension(saved.Path));
        Assert.Equal(saved.SizeInBytes, new FileInfo(saved.Path).Length);
        Assert.Equal(1, _emulator.Ledger.ChargesFor("a red fox in the snow"));
    }

    [Fact]
    public async Task Base64_image_is_saved()
    {
        var result = await _client.Images.GenerateAsync(new ImageRequest { Prompt = "fox", ResponseFormat = ImageResponseFormat.Base64 });
        var saved = await _client.Media.SaveAsync(result.Images[0], Path.Combine(_directory, "fox.png"));

        Assert.NotNull(result.Images[0].Data);
        Assert.Equal(result.Images[0].Data!.Value.ToArray(), await File.ReadAllBytesAsync(saved.Path));
    }

    [Fact]
    public async Task Job_with_an_uploaded_reference_completes()
    {
        var reference = await _client.Images.GenerateAsync(new ImageRequest { Prompt = "reference", ResponseFormat = ImageResponseFormat.Base64 });
        var file = await _client.Files.UploadAsync(FileUpload.FromBytes(reference.Images[0].Data!.Value, "reference.png"));

        var job = await _client.Jobs.RunAsync(
            new JobRequest { Input = new ImageJobInput { Prompt = "with reference", ReferenceImages = [file.ToReference()] } },
            new JobRunOptions { Wait = new() { FirstInterval = TimeSpan.FromMilliseconds(10) } });

        Assert.Equal(JobState.Succeeded, job.State);
        Assert.Single(job.Output.Images);
        Assert.Equal(1, _emulator.Ledger.ChargesFor("with reference"));
    }
}
