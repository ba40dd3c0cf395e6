/** Short lists in the exact form of `xe`, for the documentation and the tests. */

/** `xe sr-list params=uuid,name-label,type,content-type,shared,physical-size,physical-utilisation` */
export const srsSample = `uuid ( RO)                    : e8c4a1b2-6f0d-4d53-9c11-000000000001
              name-label ( RW): LizardFS
                    type ( RO): file
            content-type ( RO): user
                  shared ( RW): true
           physical-size ( RO): 1475321192448
    physical-utilisation ( RO): 586263035904


`;

/** `xe pbd-list params=uuid,host-uuid,sr-uuid,device-config,currently-attached` */
export const pbdsSample = `uuid ( RO)                  : 4c7be019-52aa-4f0e-8d3c-000000000011
             host-uuid ( RO): b0a11c5e-52aa-4f0e-8d3c-000000000011
               sr-uuid ( RO): e8c4a1b2-6f0d-4d53-9c11-000000000001
         device-config (MRO): location: /mnt/lizardfs/sr
    currently-attached ( RO): true


`;

/** `xe pool-list`, of a pool that was never given a name. */
export const poolsSample = `uuid ( RO)                : c7d7a7e4-77ad-e6a6-c935-4cba102881a8
          name-label ( RW): 
    name-description ( RW): 
              master ( RO): b35d1618-ad4e-4830-89da-d93788e9f082
          default-SR ( RW): 85280950-f08d-9e4d-5e51-f0ec4e221a7a


`;

/** `xe host-list params=uuid,name-label,address,enabled,host-metrics-live,software-version` */
export const hostsSample = `uuid ( RO)                 : b0a11c5e-52aa-4f0e-8d3c-000000000011
           name-label ( RW): xs-1
              address ( RO): 10.20.0.11
              enabled ( RO): true
    host-metrics-live ( RO): true
     software-version (MRO): product_version: 8.2.1; product_brand: XCP-ng; build_number: release/yangtze/master/58


`;
