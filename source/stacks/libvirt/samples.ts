/** Of libvirt 9.0 (Debian 12). */
export const poolSample = `<pool type='dir'>
  <name>dados</name>
  <uuid>302d4a0c-aa2b-4d21-9a33-7759f1be5210</uuid>
  <capacity unit='bytes'>3177521152</capacity>
  <allocation unit='bytes'>624574464</allocation>
  <available unit='bytes'>2552946688</available>
  <source>
  </source>
  <target>
    <path>/srv/dados</path>
    <permissions>
      <mode>0711</mode>
      <owner>0</owner>
      <group>0</group>
    </permissions>
  </target>
</pool>
`;

/** In the format of libvirt (formatnetwork). */
export const networkSample = `<network>
  <name>storage</name>
  <uuid>8f0e0f4e-5f43-4bb1-a1a6-2d3c9b8f4a10</uuid>
  <bridge name='virbr0' stp='on' delay='0'/>
  <mac address='52:54:00:81:cd:08'/>
  <dns enable='no'/>
  <ip address='192.168.10.1' netmask='255.255.255.0'>
    <dhcp>
      <range start='192.168.10.128' end='192.168.10.254'/>
    </dhcp>
  </ip>
</network>
`;

/** In the format of libvirt (formatdomain), shortened. */
export const guestSample = `<domain type='kvm' id='3'>
  <name>web-1</name>
  <uuid>6695eb01-f6a4-8304-79aa-97f2502e193f</uuid>
  <memory unit='KiB'>2097152</memory>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <disk type='file' device='disk'>
      <driver name='qemu' type='qcow2'/>
      <source file='/srv/vms/web-1.qcow2' index='1'/>
      <backingStore type='file' index='3'>
        <format type='qcow2'/>
        <source file='/srv/vms/base &amp; more.qcow2'/>
        <backingStore/>
      </backingStore>
      <target dev='vda' bus='virtio'/>
    </disk>
    <disk type='file' device='cdrom'>
      <target dev='sda' bus='sata'/>
      <readonly/>
    </disk>
    <interface type='network'>
      <source network='storage'/>
    </interface>
  </devices>
</domain>
`;
